/**
 * Backups: the database file that was pulled before a change, with a manifest that is written last. A backup
 * without a manifest was interrupted and is not one.
 */
import { existsSync } from 'node:fs';
import { constants, copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OverseedError } from '../model/error.ts';
import type { Table } from '../model/schema.ts';
import { keepOutOfGit, sha256Of, targetFolder } from './files.ts';

export interface BackupManifest {
  readonly format: 1;
  readonly run: string;
  readonly target: string;
  readonly createdAt: string;
  readonly file: string;
  readonly sha256: string;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
}

export interface BackupInput {
  /** A closed SQLite file. */
  readonly file: string;
  readonly tables: readonly { readonly table: Table; readonly rows: number }[];
  readonly target: string;
  readonly runId: string;
  readonly createdAt: Date;
  /** Made because somebody asked for it, not before a change: it stays until somebody removes it. */
  readonly isAsked?: boolean;
}

/** In the name of a backup that was asked for. */
const ASKED = '.asked.db';

/**
 * @param folder where backups live, one folder per target inside
 * @returns path of the sealed file
 */
export async function sealBackup(folder: string, input: BackupInput): Promise<string> {
  const home = path.join(folder, targetFolder(input.target));
  await mkdir(home, { recursive: true, mode: 0o700 });
  await keepOutOfGit(folder);
  const name = `${input.runId}${input.isAsked ? ASKED : '.db'}`;
  const file = path.join(home, name);
  await copyFile(input.file, `${file}.part`, constants.COPYFILE_FICLONE);
  await settle(`${file}.part`, file);
  const manifest: BackupManifest = {
    format: 1,
    run: input.runId,
    target: input.target,
    createdAt: input.createdAt.toISOString(),
    file: name,
    sha256: await sha256Of(file),
    tables: input.tables.map(({ table, rows }) => ({ name: table.name, rows })),
  };
  const manifestFile = `${file}.json`;
  await writeFile(`${manifestFile}.part`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await settle(`${manifestFile}.part`, manifestFile);
  return file;
}

/**
 * Reads the manifest of a backup and proves that the file is the one that was sealed.
 * @throws BACKUP_INVALID
 */
export async function openBackup(file: string): Promise<BackupManifest> {
  let manifest: BackupManifest;
  try {
    manifest = JSON.parse(await readFile(`${file}.json`, 'utf8')) as BackupManifest;
  } catch (cause) {
    throw invalid(
      `${file} has no readable manifest beside it (${path.basename(file)}.json): it was never finished, or is not a backup`,
      cause,
    );
  }
  if (manifest.format !== 1)
    throw invalid(`${file} was made by a newer Overseed (format ${String(manifest.format)})`);
  const sha256 = await sha256Of(file).catch((cause: unknown) => {
    throw invalid(`${file} cannot be read`, cause);
  });
  if (sha256 !== manifest.sha256)
    throw invalid(`${file} is not the file that was sealed: its checksum differs`);
  return manifest;
}

/** The newest sealed backup of a target; undefined when there is none. */
export async function newestBackup(folder: string, target: string): Promise<string | undefined> {
  const home = path.join(folder, targetFolder(target));
  const names = await readdir(home).catch(() => []); // No folder: no backup was ever made.
  const newest = names
    .filter((name) => name.endsWith('.db.json'))
    .sort()
    .at(-1);
  return newest && path.join(home, newest.slice(0, -'.json'.length));
}

/** The sealed backup that a run has made of a target; undefined when it is not here. */
export async function backupOfRun(
  folder: string,
  target: string,
  runId: string,
): Promise<string | undefined> {
  const file = path.join(folder, targetFolder(target), `${runId}.db`);
  return existsSync(`${file}.json`) ? file : undefined;
}

/** How many backups of one target stay, and for how long. The newest always stays. */
export interface Retention {
  readonly keep: number;
  /** Undefined: however old. */
  readonly days?: number;
}

/**
 * Removes backups of `target` beyond `retention`, manifest first: what is left of an interrupted removal is no backup.
 * @returns how many were removed
 */
export async function thinOut(
  folder: string,
  target: string,
  { keep, days }: Retention,
  now: Date,
): Promise<number> {
  const home = path.join(folder, targetFolder(target));
  const names = await readdir(home).catch(() => []); // No folder: nothing to thin out.
  const oldest = days === undefined ? '' : runIdPrefix(new Date(now.getTime() - days * 86_400_000));
  const sealed = names
    .filter((name) => name.endsWith('.db.json') && !name.endsWith(`${ASKED}.json`))
    .sort()
    .reverse();
  const surplus = sealed.filter((name, index) => index > 0 && (index >= keep || name < oldest));
  for (const manifest of surplus) {
    await rm(path.join(home, manifest), { force: true });
    await rm(path.join(home, manifest.slice(0, -'.json'.length)), { force: true });
  }
  return surplus.length;
}

/** Names of backups begin with the time of their run, so they sort by age. */
function runIdPrefix(time: Date): string {
  return time.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
}

async function settle(temporary: string, file: string): Promise<void> {
  await using handle = await open(temporary, 'r+');
  await handle.chmod(0o600);
  await handle.sync();
  await rename(temporary, file);
}

function invalid(what: string, cause?: unknown): OverseedError {
  return new OverseedError('BACKUP_INVALID', {
    what: `${what}.`,
    state: 'not-contacted',
    next: 'Choose another backup.',
    cause,
  });
}
