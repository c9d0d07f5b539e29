/** A real server on a disk that is full: it notices in the middle of a COMMIT, and the run says what is true. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { failureOf, type PlainRow, pushTo, remoteTarget } from '../support/engine.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';

const mayMount = await canMount();
const large: PlainRow[] = Array.from({ length: 30 }, (_, id) => ({ id: BigInt(id), v: 'x'.repeat(100_000) }));

test.skipIf(!mayMount).each(['inline', 'delta', 'swap'] as const)(
  'the disk of the server fills up, %s (needs the right to mount): the old rows stay, and with more room the push is done',
  async (strategy) => {
    await using disk = await smallDisk(24);
    await using target = await remoteTarget({ dataDir: path.join(disk.folder, 'data') });
    await target.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)', "INSERT INTO t VALUES (1,'old')");
    await pushTo(target, { t: [{ id: 1n, v: 'older' }] });
    const giveBack = await disk.leave(2_000_000);
    const error = await failureOf(pushTo(target, { t: large }, { strategy }));
    expect(['TARGET_FULL', 'TARGET_REJECTED']).toContain(error.code);
    expect(error.state).toBe('old');
    expect(error.message).toMatch(/disk is full/);
    expect(await target.rows('SELECT id, v FROM t')).toEqual([[1n, 'older']]);
    await giveBack();
    await target.run('UPDATE _overseed_lease SET expires=0');
    expect((await pushTo(target, { t: large }, { strategy })).outcome.status).toBe('applied');
    expect(await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'")).toEqual([]);
  },
);
