/**
 * The last known state of a large target, kept on this machine: if the target proves that nothing was written since, it
 * need not be read again. What is kept is only ever trusted together with that proof, and with its own checksum.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Table } from '../model/schema.ts';
import { keepOutOfGit, sha256Of, take, targetFolder } from './files.ts';

export interface TargetState {
  /** SQLite file with the rows of `tables`. */
  readonly file: string;
  readonly tables: readonly Table[];
  readonly rowCount: number;
  readonly fence: bigint;
  /** What the target calls this state. */
  readonly version: string;
}

interface Manifest {
  readonly format: 1;
  readonly version: string;
  /** Of the tables' definitions: another scope, or another schema, is another state. */
  readonly scope: string;
  readonly rowCount: number;
  readonly fence: string;
  readonly sha256: string;
}

/** @param folder where states live, one folder per target inside */
export async function keepState(folder: string, target: string, state: TargetState): Promise<void> {
  const { file, manifest } = pathsOf(folder, target);
  const scope = scopeOf(state.tables);
  const kept = await readManifest(manifest).catch(() => undefined); // None, or none that could be recalled.
  if (kept?.version === state.version && kept.scope === scope) return;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await keepOutOfGit(folder);
  // A crash from here on leaves none, rather than half of each.
  await rm(manifest, { force: true });
  await take(state.file, `${file}.part`);
  await chmod(`${file}.part`, 0o600);
  await rename(`${file}.part`, file);
  const content: Manifest = {
    format: 1,
    version: state.version,
    scope,
    rowCount: state.rowCount,
    fence: String(state.fence),
    sha256: await sha256Of(file),
  };
  await writeFile(`${manifest}.part`, JSON.stringify(content), { mode: 0o600 });
  await rename(`${manifest}.part`, manifest);
}

/** Whether there is a state that might be recalled: it costs the target two questions to find out. */
export async function hasState(folder: string, target: string): Promise<boolean> {
  return stat(pathsOf(folder, target).manifest).then(
    () => true,
    () => false,
  );
}

/**
 * @param version what the target calls its state now
 * @param file path of the copy to make
 * @returns undefined when the state on this machine is another one, or is not whole
 */
export async function recallState(
  folder: string,
  target: string,
  { version, tables, file }: { version: string; tables: readonly Table[]; file: string },
): Promise<(Omit<TargetState, 'version'> & { readonly sha256: string }) | undefined> {
  const paths = pathsOf(folder, target);
  try {
    const kept = await readManifest(paths.manifest);
    if (kept.format !== 1 || kept.version !== version || kept.scope !== scopeOf(tables)) return undefined;
    // Under a name of its own, so that another run which keeps a newer state does not take this one away.
    await take(paths.file, file);
    if ((await sha256Of(file)) !== kept.sha256) return undefined;
    const { rowCount, fence, sha256 } = kept;
    return { file, tables, rowCount, fence: BigInt(fence), sha256 };
  } catch {
    // Whatever is wrong with it, the target itself can be read instead.
    return undefined;
  }
}

async function readManifest(file: string): Promise<Manifest> {
  return JSON.parse(await readFile(file, 'utf8')) as Manifest;
}

function pathsOf(folder: string, target: string) {
  const home = path.join(folder, targetFolder(target));
  return { file: path.join(home, 'state.db'), manifest: path.join(home, 'state.json') };
}

function scopeOf(tables: readonly Table[]): string {
  const definitions = tables.map(({ name, columns, sql }) => ({ name, columns, sql }));
  return createHash('sha256').update(JSON.stringify(definitions)).digest('hex');
}
