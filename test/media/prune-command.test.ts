/** `overseed prune`, as a user runs it. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { remoteTarget } from '../support/engine.ts';
import { gallery, mediaBench, storedIds } from '../support/media.ts';
import { runCommand } from '../support/run-command.ts';
import { cleanEnvironment } from '../support/site.ts';

const OVERSEED = path.resolve(import.meta.dirname, '../../packages/overseed/bin/overseed.js');

test('shows first, removes with --yes, and refuses what it does not know', async () => {
  await using bench = await mediaBench({ target: 'remote' });
  const { url, token } = bench.target as Awaited<ReturnType<typeof remoteTarget>>;
  const env = cleanEnvironment({
    ASTRO_DB_REMOTE_URL: url,
    ASTRO_DB_APP_TOKEN: token,
    CLOUDINARY_URL: bench.cloudinary.cloudinaryUrl,
  });
  const prune = (...flags: string[]) =>
    runCommand(process.execPath, [OVERSEED, 'prune', ...flags], {
      cwd: bench.target.folder,
      env,
      timeoutMs: 60_000,
    });
  // By this file it is known as an Astro DB site, whose databases are called local and remote.
  await mkdir(path.join(bench.target.folder, 'db'));
  await writeFile(path.join(bench.target.folder, 'db', 'config.ts'), '');
  await bench.paint(...(Object.values(gallery(8)) as string[]));
  await bench.push(gallery(8));
  await bench.push(gallery(5));
  await bench.age(8);

  const shown = await prune('remote');
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
  expect(shown.stdout).toMatch(/remove\s+3\s+\d+ B\s+unused for 7 days or more\n/);
  expect(shown.stdout).toMatch(/keep\s+5\s+\d+ B\s+in use\n/);
  expect(shown.stdout).toContain('Nothing was removed.');
  expect(storedIds(bench)).toHaveLength(8);

  const patient = await prune('remote', '--yes', '--grace', '30d');
  expect(patient.stdout).toMatch(/wait\s+3 .*unused for less, the first of them for another 22 days\n/);
  expect(patient.stdout).toContain('Nothing to remove');
  expect(storedIds(bench)).toHaveLength(8);

  const removed = await prune('remote', '--yes', '--json');
  expect(removed).toMatchObject({ exitCode: 0, stderr: '' });
  const events = removed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.at(-1)).toMatchObject({
    formatVersion: 1,
    kind: 'prune-finished',
    outcome: { status: 'pruned', removed: { files: 3 } },
  });
  expect(storedIds(bench)).toHaveLength(5);

  for (const [flags, message] of [
    [['remote', '--grace', 'soon'], '--grace soon is not a time'],
    [['production'], '"production" is not a target'],
    [['remote', '--yess'], 'did you mean --yes?'],
  ] as const) {
    const refused = await prune(...flags);
    expect(refused.exitCode).toBe(4);
    expect(refused.stderr).toContain(message);
  }
  for (const { stdout, stderr } of [shown, patient, removed]) {
    expect(stdout + stderr).not.toContain(bench.cloudinary.apiSecret);
    expect(stdout + stderr).not.toContain(token);
  }
});
