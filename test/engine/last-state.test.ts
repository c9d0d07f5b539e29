/** A large target that proves itself unchanged is not read again, and one that does not is. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type PlainRow, pushTo, remoteTarget, type TestTarget } from '../support/engine.ts';

const ROWS = 21_000;
const rows = (price: number): PlainRow[] =>
  Array.from({ length: ROWS }, (_, i) => ({ id: BigInt(i), price: i === 7 ? price : i / 3 }));

async function filled(): Promise<TestTarget> {
  const target = await remoteTarget();
  await target.run('CREATE TABLE home (id INTEGER PRIMARY KEY, price REAL)', 'CREATE TABLE other (a TEXT)');
  await pushTo(target, { home: rows(1) }, { states: true });
  return target;
}

/** How the pull of a push describes itself. */
async function pulled(target: TestTarget, price: number): Promise<string> {
  const { events, outcome } = await pushTo(target, { home: rows(price) }, { states: true });
  expect(outcome.status).toBe(price === 1 ? 'unchanged' : 'applied');
  const own = events.find((event) => event.kind === 'stage-finished' && event.stage === 'pull');
  return own?.kind === 'stage-finished' ? own.detail : '';
}

test('after a push nothing is pulled, and changes arrive all the same', async () => {
  await using target = await filled();
  expect(await pulled(target, 1)).toBe('21000 rows, not changed since the last run');
  expect(await pulled(target, 2)).toBe('21000 rows, not changed since the last run');
  expect(await target.rows('SELECT price FROM home WHERE id=7')).toEqual([[2]]);
  expect(await pulled(target, 3)).toBe('21000 rows, not changed since the last run');
  expect(await target.rows('SELECT price FROM home WHERE id=7')).toEqual([[3]]);
});

test.each([
  ['a row that somebody changed', 'UPDATE home SET price=99 WHERE id=7'],
  ['a table outside the source', "INSERT INTO other VALUES ('x')"],
])('%s makes the next push read everything again', async (_, sql) => {
  await using target = await filled();
  await target.run(sql);
  expect(await pulled(target, 2)).toBe('21000 rows');
  expect(await target.rows('SELECT price FROM home WHERE id=7')).toEqual([[2]]);
});

test('a kept state that was damaged or swapped is not trusted', async () => {
  await using target = await filled();
  const folder = path.join(target.folder, 'state');
  const [name = ''] = (await readdir(folder)).filter((entry) => entry !== '.gitignore');
  const file = path.join(folder, name, 'state.db');
  const bytes = await readFile(file);
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  await writeFile(file, bytes);
  expect(await pulled(target, 2)).toBe('21000 rows');
});

test('a server that was restarted is read again', async () => {
  // Its log may have been rebuilt, and a rebuilt log counts its frames anew.
  await using target = await filled();
  const folder = path.join(target.folder, 'state');
  const [name = ''] = (await readdir(folder)).filter((entry) => entry !== '.gitignore');
  const manifest = path.join(folder, name, 'state.json');
  const content = await readFile(manifest, 'utf8');
  expect(content).toMatch(/frame \d+ of log [0-9a-f-]{36} [0-9a-f-]{36}/);
  await writeFile(
    manifest,
    content.replace(/of log [0-9a-f]/, (found) => `${found.slice(0, -1)}${found.endsWith('0') ? 1 : 0}`),
  );
  expect(await pulled(target, 2)).toBe('21000 rows');
});
