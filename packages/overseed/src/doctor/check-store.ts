/** A real round trip through an asset store: upload a tiny picture, fetch it back, compare, remove it. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type AssetStore, StoreError } from '../assets/asset-store.ts';
import { withEtag } from '../assets/etag.ts';
import { measureFile } from '../assets/measure-file.ts';
import { publicIdOf } from '../assets/public-id.ts';
import type { Asset } from '../model/asset.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import { randomPicture } from '../util/random-picture.ts';
import { scratchFolder } from '../util/scratch-folder.ts';
import { type Finding, ok, problem } from './finding.ts';

/** How long the picture may take to go when nobody waits for the rest any more, in ms. */
const REMOVE_MS = 10_000;

/** One finding a step; stops at the first that fails. The picture is removed in any case. */
export async function* checkStore(store: AssetStore, signal: AbortSignal): AsyncGenerator<Finding> {
  await using scratch = await scratchFolder();
  const file = path.join(scratch.path, 'overseed-check.png');
  await writeFile(file, randomPicture({ width: 8, height: 8 }));
  const measured = measureFile(scratch.path, 'overseed-check.png');
  const publicId = publicIdOf(store.prefix, 'overseed-check.png', measured.hash);
  const asset = await withEtag({ ...measured, path: 'overseed-check.png', publicId }, signal);
  const steps: { subject: string; detail: string; work(): Promise<unknown> }[] = [
    {
      subject: 'credentials',
      detail: `${store.label} accepts them`,
      work: () => store.prepare([asset], signal),
    },
    {
      subject: 'upload',
      detail: `${asset.sizeBytes} bytes, ETag ${asset.etag}`,
      work: () => store.put(asset, signal),
    },
    {
      subject: 'fetch back',
      detail: 'the very same bytes',
      work: () => fetchBack(store, asset, signal),
    },
    { subject: 'remove', detail: 'gone again', work: () => removeOne(store, asset, signal) },
  ];
  let stored = false;
  for (const { subject, detail, work } of steps) {
    try {
      await work();
      stored = subject === 'upload' || (stored && subject !== 'remove');
      yield ok(subject, detail);
    } catch (error) {
      if (signal.aborted) {
        if (stored) await removeOne(store, asset, AbortSignal.timeout(REMOVE_MS));
        throw error;
      }
      yield problem(
        subject,
        reasonOf(error),
        error instanceof OverseedError ? error.next : `Look at ${store.label}.`,
      );
      break;
    }
  }
  if (stored) await removeOne(store, asset, signal);
}

async function removeOne(store: AssetStore, asset: Asset, signal: AbortSignal): Promise<void> {
  const { failed } = await store.remove([asset], signal);
  if (failed[0]) throw failed[0].error;
}

async function fetchBack(store: AssetStore, asset: Asset, signal: AbortSignal): Promise<void> {
  const problem = await store.check(asset, 'bytes', signal);
  if (problem) throw new Error(`${store.urlOf(asset)}: ${problem}`);
}

function reasonOf(error: unknown): string {
  if (error instanceof OverseedError) return error.what;
  return error instanceof StoreError ? error.message : messageOf(error);
}
