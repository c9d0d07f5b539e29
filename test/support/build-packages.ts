/**
 * A site uses the packages as they are built (`dist`), so a stale build would hide faults of the sources. Vitest runs
 * this once before all tests.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './run-command.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Builds both packages when a source is newer than what was built from it. @throws Error with the compiler's words */
export default async function buildPackages(): Promise<void> {
  // Hundreds of programs are started, most of them the same: they need not be compiled each time.
  process.env.NODE_COMPILE_CACHE ??= path.join(ROOT, '.artefacts/compile-cache');
  const isFresh = await Promise.all(['local-cloud', 'overseed'].map((name) => isBuildFresh(name)));
  if (isFresh.every(Boolean)) return;
  const { exitCode, stdout, stderr } = await runCommand('pnpm', ['run', 'build'], {
    cwd: ROOT,
    timeoutMs: 120_000,
  });
  if (exitCode !== 0) throw new Error(`The packages could not be built:\n${stdout}\n${stderr}`);
}

async function isBuildFresh(name: string): Promise<boolean> {
  const folder = path.join(ROOT, 'packages', name);
  const [sources, built] = await Promise.all(['src', 'dist'].map((part) => newest(path.join(folder, part))));
  return (sources ?? 0) < (built ?? 0);
}

/** The time of the last change of a file in `folder`, in ms; 0 when there is none. */
async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'));
  const times = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(path.join(parentPath, name))).mtimeMs),
  );
  return Math.max(0, ...times);
}
