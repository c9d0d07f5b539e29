/**
 * Runs when `overseed/astro` is imported, which is before `astro:db` is: Astro creates its own client there, and
 * without an address, or a folder for the local file, that ends in "Invalid URL" or "Unable to open" and a stack.
 * We look first, and say what is missing.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { exitProcess } from '../cli/exit.ts';
import { reportFailure } from '../cli/output.ts';
import { unwrap } from '../cli/render/failure.ts';
import type { Environment } from '../config/environment.ts';
import { localDatabaseFile } from '../config/local-database.ts';
import { OverseedError } from '../model/error.ts';
import { checkRemote, readEnvironment } from '../wire.ts';
import { isExecute, readInvocation } from './invocation.ts';

if (isExecute(process.argv)) {
  let root = process.cwd();
  try {
    const invocation = readInvocation(process.argv, process.cwd());
    root = path.resolve(invocation.root);
    const environment = readEnvironment(root);
    if (invocation.kind === 'execute' && invocation.remote) checkRemoteForAstro(environment);
    // In a fresh clone there is no folder yet for the local database.
    else await mkdir(path.dirname(localDatabaseFile(root, environment)), { recursive: true });
  } catch (error) {
    const failure = unwrap(error);
    reportFailure(failure, { format: process.argv.includes('--json') ? 'json' : 'text' });
    await removeBundle(root);
    await exitProcess(failure.exitCode);
  }
}

/** Astro's own client, which every script that imports `astro:db` creates, knows only Astro's names. */
function checkRemoteForAstro(environment: Environment): void {
  checkRemote(environment);
  if (environment.get('ASTRO_DB_REMOTE_URL') !== undefined) return;
  throw new OverseedError('CONFIG_INVALID', {
    what: 'TURSO_DATABASE_URL is set, but Astro DB reads ASTRO_DB_REMOTE_URL.',
    state: 'not-contacted',
    next: 'Call useTursoVariables() from "overseed/astro/turso-variables" in astro.config.mjs, or set Astro\'s names too.',
  });
}

/**
 * Astro writes the bundled script to `db.timestamp-<ms>.mjs` and removes it after importing it; we end the process in
 * between. When two processes are at it and both files may be ours, neither is removed.
 */
async function removeBundle(folder: string): Promise<void> {
  const ours = (await readdir(folder)).filter((name) => {
    const time = Number(/^db\.timestamp-(\d+)\.mjs$/.exec(name)?.[1]);
    return time >= performance.timeOrigin && time <= Date.now();
  });
  const [name] = ours;
  if (name !== undefined && ours.length === 1) await rm(path.join(folder, name), { force: true });
}
