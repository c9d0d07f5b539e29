/** The packages as they would be published, in files that a package manager installs. */
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../support/run-command.ts';

const PACKAGES = path.resolve(import.meta.dirname, '../../packages');

export interface Tarball {
  /** Absolute. */
  readonly file: string;
  readonly version: string;
  /** Of the file, in bytes. */
  readonly size: number;
  /** Of what is in it, in bytes. */
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

export interface Tarballs extends AsyncDisposable {
  /** A folder of its own, in which projects may lie beside the files. */
  readonly folder: string;
  readonly overseed: Tarball;
  readonly localCloud: Tarball;
}

export async function packPackages(): Promise<Tarballs> {
  const folder = await mkdtemp(path.join(tmpdir(), 'paquetes ñ '));
  return {
    folder,
    overseed: await pack('overseed', folder),
    localCloud: await pack('local-cloud', folder),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

async function pack(name: string, folder: string): Promise<Tarball> {
  const { exitCode, stdout, stderr } = await runCommand(
    'npm',
    ['pack', '--json', '--pack-destination', folder],
    { cwd: path.join(PACKAGES, name), timeoutMs: 60_000 },
  );
  if (exitCode !== 0) throw new Error(`npm pack failed:\n${stdout}\n${stderr}`);
  const report: unknown = JSON.parse(stdout);
  // npm 12 reports by name, older ones in a list.
  const [packed] = (Array.isArray(report) ? report : Object.values(report as object)) as [
    Omit<Tarball, 'file'> & { filename: string },
  ];
  const file = path.join(folder, `${name}-${packed.version}.tgz`);
  await rename(path.join(folder, packed.filename), file);
  return { ...packed, file };
}
