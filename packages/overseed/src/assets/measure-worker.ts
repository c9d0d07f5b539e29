/** Runs in a thread of its own: measures files in batches, each in turn. */
import { parentPort } from 'node:worker_threads';
import { AssetFolder } from './asset-folder.ts';
import { type MeasuredFile, measureFile } from './measure-file.ts';
import { UnusableFile } from './unusable-file.ts';

export interface MeasureBatch {
  readonly files: readonly { readonly root: string; readonly path: string }[];
}

export interface MeasureAnswer {
  /** In the order of the batch; a string says what is wrong with the file. */
  readonly files: readonly (MeasuredFile | string)[];
  /** How long it took, in ms. */
  readonly ms: number;
}

const folders = new Map<string, AssetFolder>();

function measure(root: string, path: string): MeasuredFile | string {
  let folder = folders.get(root);
  if (!folder) {
    folder = new AssetFolder(root);
    folders.set(root, folder);
  }
  try {
    return measureFile(folder, path);
  } catch (error) {
    if (error instanceof UnusableFile) return error.message;
    throw error;
  }
}

parentPort?.on('message', ({ files }: MeasureBatch) => {
  const start = performance.now();
  const measured = files.map(({ root, path }) => measure(root, path));
  const answer: MeasureAnswer = { files: measured, ms: performance.now() - start };
  parentPort?.postMessage(answer);
});
