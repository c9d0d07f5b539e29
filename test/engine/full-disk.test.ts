/** A full disk on this machine, wherever a run writes: named with its folder, nothing half made is left, no row is lost. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newestBackup, openBackup } from '../../packages/overseed/src/backups/backups.ts';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import { nativeWorkDone } from '../../packages/overseed/src/util/native-work.ts';
import {
  failureOf,
  fileTarget,
  type PlainRow,
  pushTo,
  type RemoteTarget,
  remoteTarget,
} from '../support/engine.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';

const mayMount = await canMount();
const temporary = process.env.TMPDIR;
function restoreTemporary(): void {
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
}

/** About 3 MB. */
const few = (v: string): PlainRow[] =>
  Array.from({ length: 30 }, (_, id) => ({ id: BigInt(id), v: v.repeat(100_000) }));
/** About 3 MB in so many rows that they are compared in a thread of their own. */
const many = (v: string): PlainRow[] =>
  Array.from({ length: 30_000 }, (_, id) => ({ id: BigInt(id), v: v.repeat(80) }));
const FIRST_LETTERS = 'SELECT DISTINCT substr(v,1,1) FROM t';

describe.skipIf(!mayMount)('the disk for temporary files is full (needs the right to mount)', () => {
  let target: RemoteTarget;
  beforeAll(async () => {
    target = await remoteTarget();
    await target.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)');
  });
  afterAll(() => target[Symbol.asyncDispose]());

  test.each([
    { name: 'few large rows', rows: few },
    { name: 'many small rows', rows: many },
  ])('$name: whatever does not fit any more, the run says so and what the target holds', async ({ rows }) => {
    await pushTo(target, { t: rows('a') });
    let holds = 'a';
    let failures = 0;
    for (let megabytes = 1; ; megabytes += 1) {
      await using disk = await smallDisk(megabytes);
      process.env.TMPDIR = disk.folder;
      const wanted = holds === 'a' ? 'b' : 'a';
      const result = await pushTo(target, { t: rows(wanted) })
        .catch((error: unknown) => error)
        .finally(restoreTemporary);
      await nativeWorkDone();
      expect(await disk.files()).toEqual([]);
      if (!(result instanceof Error)) break;
      const error = await failureOf(Promise.reject(result));
      expect(error, `${megabytes} MB`).toMatchObject({ code: 'DISK_FULL', exitCode: 1 });
      expect(error.message).toContain(disk.folder);
      expect(error.next).toContain('TMPDIR');
      if (error.state === 'new') holds = wanted;
      else expect(error.state).toBe('old');
      expect(await target.rows(FIRST_LETTERS), `${megabytes} MB`).toEqual([[holds]]);
      failures++;
      if (megabytes > 40) throw new Error('40 MB must be enough');
    }
    expect(failures).toBeGreaterThan(2);
  });

  test('rows that outgrow the page cache are written while they are built', async () => {
    await using disk = await smallDisk(28);
    process.env.TMPDIR = disk.folder;
    const rows = Array.from({ length: 80 }, (_, id) => ({ id: BigInt(id), v: 'x'.repeat(500_000) }));
    const error = await failureOf(pushTo(target, { t: rows }, { dryRun: true })).finally(restoreTemporary);
    expect(error).toMatchObject({ code: 'DISK_FULL', state: 'old' });
    await nativeWorkDone();
    expect(await disk.files()).toEqual([]);
  });
});

describe.skipIf(!mayMount)('the disk for backups is full (needs the right to mount)', () => {
  test('the push ends before anything is uploaded or changed; what there is counts as no backup and is removed', async () => {
    await using disk = await smallDisk(8);
    const backups = path.join(disk.folder, 'backups');
    await using target = await remoteTarget();
    await target.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)');
    await pushTo(target, { t: few('a') }, { backups });
    await pushTo(target, { t: few('b') }, { backups });
    const host = new URL(target.url).host;
    const sealed = await newestBackup(backups, host);
    const files = await disk.files();
    const giveBack = await disk.leave(1_500_000);
    const stages: string[] = [];
    const error = await failureOf(
      pushTo(
        target,
        { t: few('c') },
        { backups, onEvent: (event) => event.kind === 'stage-started' && stages.push(event.stage) },
      ),
    );
    expect(error).toMatchObject({ code: 'DISK_FULL', state: 'old' });
    expect(error.what).toBe(`The disk has no room for a backup in ${path.dirname(sealed ?? '')}.`);
    expect(stages.at(-1)).toBe('backup');
    expect(await target.rows(FIRST_LETTERS)).toEqual([['b']]);
    await giveBack();
    expect(await disk.files()).toEqual(files);
    expect(await newestBackup(backups, host)).toBe(sealed);
    await openBackup(sealed ?? '');
    expect((await pushTo(target, { t: few('c') }, { backups })).outcome.status).toBe('applied');
  });

  test('a backup without room for its manifest is no backup', async () => {
    await using disk = await smallDisk(8);
    const backups = path.join(disk.folder, 'backups');
    await using target = await remoteTarget();
    await target.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)');
    await pushTo(target, { t: few('a') }, { backups });
    await pushTo(target, { t: few('b') }, { backups });
    const files = await disk.files();
    const sealed = await newestBackup(backups, new URL(target.url).host);
    const giveBack = await disk.leave((await stat(sealed ?? '')).size);
    const error = await failureOf(pushTo(target, { t: few('c') }, { backups }));
    expect(error).toMatchObject({ code: 'DISK_FULL', state: 'old' });
    await giveBack();
    expect(await disk.files()).toEqual(files);
  });

  test('a folder that cannot be written is named as well', async () => {
    await using target = await fileTarget();
    await target.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)', "INSERT INTO t VALUES (1, 'a')");
    const backups = path.join(target.dataFolder, 'target.db', 'backups');
    const error = await failureOf(pushTo(target, { t: [] }, { backups }));
    expect(error).toMatchObject({ code: 'BACKUP_FAILED', state: 'old', exitCode: 1 });
    expect(error.what).toContain(backups);
    expect(await target.rows(FIRST_LETTERS)).toEqual([['a']]);
  });
});

describe.skipIf(!mayMount).each(['wal', 'delete'])(
  'the disk of a local file is full, journal mode %s',
  (mode) => {
    test.each(['inline', 'delta', 'swap'] as const)(
      '%s (needs the right to mount): the old rows stay, and with more room the push is done',
      async (strategy) => {
        await using disk = await smallDisk(12);
        await using target = await fileTarget(disk.folder);
        using database = new LocalDatabase(path.join(disk.folder, 'target.db'));
        expect(database.rows(`PRAGMA journal_mode=${mode}`)).toEqual([[mode]]);
        await target.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)', "INSERT INTO t VALUES (1, 'a')");
        const giveBack = await disk.leave(1_000_000);
        const error = await failureOf(pushTo(target, { t: few('b') }, { strategy }));
        expect(error).toMatchObject({ code: 'TARGET_FULL', state: 'old', exitCode: 1 });
        expect(error.message).toContain('target.db has no room for the new rows');
        expect(error.next).toContain(disk.folder);
        expect(await target.rows(FIRST_LETTERS)).toEqual([['a']]);
        await giveBack();
        await target.run('UPDATE _overseed_lease SET expires=0');
        expect((await pushTo(target, { t: few('b') }, { strategy })).outcome.status).toBe('applied');
        expect(await target.rows(FIRST_LETTERS)).toEqual([['b']]);
        expect(await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'")).toEqual([]);
        expect((await readdir(disk.folder)).filter((name) => !name.startsWith('target.db'))).toEqual([]);
      },
    );
  },
);

test('a folder for temporary files that is not there is named, before anything is contacted', async () => {
  await using target = await fileTarget();
  await target.run('CREATE TABLE t (id INTEGER PRIMARY KEY)');
  process.env.TMPDIR = path.join(target.dataFolder, 'not there');
  const error = await failureOf(pushTo(target, { t: [] })).finally(restoreTemporary);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', state: 'not-contacted', exitCode: 4 });
  expect(error.message).toMatch(/not there.*\n.*TMPDIR/);
});
