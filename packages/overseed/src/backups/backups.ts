/**
 * Backups: the database file that was pulled before a change, with a manifest that is written last. A backup
 * without a manifest was interrupted and is not one.
 */
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Table } from '../model/schema.ts';
import { closing, flushToDisk } from '../util/file-handle.ts';
import { keepOutOfGit, sha256Of, take, targetFolder } from './files.ts';

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
  /** A closed SQLite file that nobody writes to any more. */
  readonly file: string;
  /** Its checksum, if that was looked at in this run. */
  readonly sha256?: string | undefined;
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
 * @throws DISK_FULL, BACKUP_FAILED: what was half made is removed again
 */
export async function sealBackup(folder: string, input: BackupInput): Promise<string> {
  const home = path.join(folder, targetFolder(input.target));
  const file = path.join(home, `${input.runId}${input.isAsked ? ASKED : '.db'}`);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await keepOutOfGit(folder);
    await seal(file, input);
    return file;
  } catch (error) {
    for (const part of PARTS) await rm(file + part, { force: true }).catch(() => undefined); // `error` says more.
    throw notMade(home, error);
  }
}

/** Everything that may stand on the disk for one backup, the manifest first: without it the rest is no backup. */
const PARTS = ['.json', '.json.part', '.part', ''] as const;

async function seal(file: string, input: BackupInput): Promise<void> {
  const isSame = await take(input.file, `${file}.part`);
  await settle(`${file}.part`, file);
  const manifest: BackupManifest = {
    format: 1,
    run: input.runId,
    target: input.target,
    createdAt: input.createdAt.toISOString(),
    file: path.basename(file),
    sha256: (isSame ? input.sha256 : undefined) ?? (await sha256Of(file)),
    tables: input.tables.map(({ table, rows }) => ({ name: table.name, rows })),
  };
  const manifestFile = `${file}.json`;
  await writeFile(`${manifestFile}.part`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await settle(`${manifestFile}.part`, manifestFile);
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
  return (await listBackups(folder, target)).at(-1);
}

/** The sealed backup that the run `runId` made of a target; undefined when it made none here. */
export async function backupOfRun(
  folder: string,
  target: string,
  runId: string,
): Promise<string | undefined> {
  return (await listBackups(folder, target)).find((file) => path.basename(file, '.db') === runId);
}

/** Paths of the sealed backups of a target, oldest first. */
export async function listBackups(folder: string, target: string): Promise<string[]> {
  const home = path.join(folder, targetFolder(target));
  const names = await readdir(home).catch(() => []); // No folder: no backup was ever made.
  const manifests = names.filter((name) => name.endsWith('.db.json')).sort();
  return manifests.map((name) => path.join(home, name.slice(0, -'.json'.length)));
}

/** How many backups of one target stay unless the user says otherwise. */
const KEPT_BACKUPS = 50;

/** How many backups of one target stay, and for how long. The newest always stays. */
export interface Retention {
  /** By default {@link KEPT_BACKUPS}. */
  readonly keep?: number;
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
  { keep = KEPT_BACKUPS, days }: Retention,
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
  const halfMade = leftBehind(names, runIdPrefix(new Date(now.getTime() - LEFT_BEHIND_MS)));
  for (const name of [...surplus.map(toRun), ...halfMade]) {
    for (const part of PARTS) await rm(path.join(home, `${name}.db${part}`), { force: true });
  }
  return surplus.length;
}

/** A run that was killed while it made a backup leaves half of one; another run may still be at it before this time. */
const LEFT_BEHIND_MS = 86_400_000;

/** Runs from before `limit` that have files but no manifest. */
function leftBehind(names: readonly string[], limit: string): string[] {
  const sealed = new Set(names.filter((name) => name.endsWith('.db.json')).map(toRun));
  const runs = new Set(names.filter((name) => RUN.test(name) && name < limit).map(toRun));
  return [...runs].filter((name) => !sealed.has(name));
}

/** Files of ours; others that lie in the folder are not touched. */
const RUN = /^\d{8}-\d{6}-[0-9a-f]{6}\.db(\.json)?(\.part)?$/;

function toRun(name: string): string {
  return name.slice(0, name.indexOf('.'));
}

/** Names of backups begin with the time of their run, so they sort by age. */
function runIdPrefix(time: Date): string {
  return time.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
}

async function settle(temporary: string, file: string): Promise<void> {
  const handle = await open(temporary, 'r+');
  await using _ = closing(handle);
  await handle.chmod(0o600);
  await flushToDisk(handle);
  await rename(temporary, file);
}

function notMade(home: string, cause: unknown): OverseedError {
  const isFull = cause instanceof Error && 'code' in cause && /^(ENOSPC|EDQUOT)$/.test(String(cause.code));
  return new OverseedError(isFull ? 'DISK_FULL' : 'BACKUP_FAILED', {
    what: isFull
      ? `The disk has no room for a backup in ${home}.`
      : `No backup could be made in ${home}: ${messageOf(cause)}.`,
    state: 'old',
    next: isFull
      ? 'Free some room there, older backups for example, or push without a backup (--no-backup).'
      : 'Make that folder writable, or push without a backup (--no-backup).',
    cause,
  });
}

function invalid(what: string, cause?: unknown): OverseedError {
  return new OverseedError('BACKUP_INVALID', {
    what: `${what}.`,
    state: 'not-contacted',
    next: 'Choose another backup.',
    cause,
  });
}
