/** An SQLite file as the source: its rows are copied by the engine, and judged like any other. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import { push } from '../../packages/overseed/src/push.ts';
import { sqliteFileSource } from '../../packages/overseed/src/source/sqlite-file.ts';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import { readSchema } from '../../packages/overseed/src/target/read-schema.ts';
import { remoteTarget, type TestTarget } from '../support/engine.ts';

const never = new AbortController().signal;

/** Pushes the file that `fill` makes. */
async function pushFile(target: TestTarget, fill: (file: LocalDatabase) => void) {
  using file = new LocalDatabase(path.join(target.folder, 'source.db'));
  fill(file);
  await using opened = target.open();
  const { tables } = await readSchema(opened, never);
  return await push(
    {
      source: sqliteFileSource('source.db', file, [...tables.values()]),
      target: opened,
      assetStore: openFolderStore({ folder: '', label: '', baseUrl: '', prefix: '' }),
      assetColumns: {},
      backups: undefined,
      howToMigrate: '',
    },
    'overwrite',
    startRun({ signal: never, emit: () => undefined }),
  );
}

describe.each([
  { rows: 10, size: 'small' },
  { rows: 40_000, size: 'large' },
])('a $size file', ({ rows }) => {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<${rows})`;

  test('arrives exactly, whatever the shape of its tables', async () => {
    await using target = await remoteTarget();
    await target.run(
      'CREATE TABLE home (id TEXT PRIMARY KEY, price REAL, photo BLOB)',
      'CREATE TABLE tag (name TEXT, home TEXT, PRIMARY KEY (name, home)) WITHOUT ROWID',
    );
    const outcome = await pushFile(target, (file) => {
      // Columns in another order, and a rowid that starts far below zero.
      file.exec('CREATE TABLE home (photo, price, id); CREATE TABLE tag (home, name)');
      file.exec(
        `INSERT INTO home(rowid, id, price, photo) ${numbers} SELECT i-9000000, hex(i*7919%65536)||i, i/7.0, x'00ff' FROM n`,
      );
      file.exec("INSERT INTO tag SELECT id, 'tag' FROM home");
    });
    expect(outcome.status).toBe('applied');
    expect(
      await target.rows(
        "SELECT count(*), count(DISTINCT id), sum(photo=x'00ff'), sum(typeof(price)='real') FROM home",
      ),
    ).toEqual([[BigInt(rows), BigInt(rows), BigInt(rows), BigInt(rows)]]);
    expect(await target.rows('SELECT count(*) FROM tag JOIN home ON home.id=tag.home')).toEqual([
      [BigInt(rows)],
    ]);
  });

  test('with text that is not valid UTF-8 is refused by the key of its row, and nothing happens', async () => {
    await using target = await remoteTarget();
    await target.run('CREATE TABLE home (id TEXT PRIMARY KEY, note TEXT)');
    const push = pushFile(target, (file) => {
      file.exec('CREATE TABLE home (id TEXT PRIMARY KEY, note TEXT)');
      file.exec(`INSERT INTO home ${numbers} SELECT 'k'||i, 'fine' FROM n`);
      file.exec(`UPDATE home SET note=CAST(x'61ff62' AS TEXT) WHERE id='k${rows - 1}'`);
    });
    await expect(push).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
    await expect(push).rejects.toThrow(`home.note (id=k${rows - 1}): holds text that is not valid UTF-8`);
    expect(await target.rows('SELECT count(*) FROM home')).toEqual([[0n]]);
  });

  test('with rows that the target refuses names each of them', async () => {
    await using target = await remoteTarget();
    await target.run('CREATE TABLE home (id TEXT PRIMARY KEY, price REAL NOT NULL CHECK (price > 0))');
    const push = pushFile(target, (file) => {
      file.exec('CREATE TABLE home (id, price)');
      file.exec(`INSERT INTO home ${numbers} SELECT 'k'||i, i FROM n`);
      file.exec("INSERT INTO home VALUES ('k3', 1), ('negative', -1), ('nothing', NULL)");
    });
    await expect(push).rejects.toThrow(/3 problems[\s\S]*id=k3[\s\S]*id=negative[\s\S]*id=nothing/);
  });
});

test('a file that somebody writes to while it is read is refused: its tables would be of two states', async () => {
  await using target = await remoteTarget();
  await target.run('CREATE TABLE home (id TEXT PRIMARY KEY)', 'CREATE TABLE tag (home TEXT)');
  const name = path.join(target.folder, 'source.db');
  using file = new LocalDatabase(name);
  file.exec('CREATE TABLE home (id); CREATE TABLE tag (home)');
  file.exec("INSERT INTO home VALUES ('a')");
  await using opened = target.open();
  const { tables } = await readSchema(opened, never);
  const source = sqliteFileSource('source.db', file, [...tables.values()]);
  const [home, tag] = source.tables;
  if (!home || !tag) throw new Error('There are two');
  const { stored: _, ...slow } = home;
  const meddled = {
    ...slow,
    async *rows(table: Parameters<typeof home.rows>[0]) {
      yield* home.rows(table);
      using other = new LocalDatabase(name);
      other.exec("INSERT INTO home VALUES ('b'); INSERT INTO tag VALUES ('b')");
    },
  };
  const parts = {
    target: opened,
    assetStore: openFolderStore({ folder: '', label: '', baseUrl: '', prefix: '' }),
    assetColumns: {},
    backups: undefined,
    howToMigrate: '',
  };
  const run = () => startRun({ signal: never, emit: () => undefined });
  await expect(
    push({ ...parts, source: { ...source, tables: [meddled, tag] } }, 'overwrite', run()),
  ).rejects.toMatchObject({ code: 'SOURCE_INVALID', state: 'old' });
  expect(await target.rows('SELECT * FROM home')).toEqual([]);
  const again = sqliteFileSource('source.db', file, [...tables.values()]);
  expect(await push({ ...parts, source: again }, 'overwrite', run())).toMatchObject({ status: 'applied' });
  expect(await target.rows('SELECT home FROM tag')).toEqual([['b']]);
});
