/** `undo` takes back the last push that was committed, and nothing else; and which backups stay. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { newestBackup } from '../../packages/overseed/src/backups/backups.ts';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import { backupToUndo } from '../../packages/overseed/src/wire.ts';
import {
  beforeApply,
  failureOf,
  fileTarget,
  type PlainRow,
  pushTo,
  restoreTo,
  type TestTarget,
} from '../support/engine.ts';

const rows = (...names: string[]): PlainRow[] => names.map((v, id) => ({ id: BigInt(id), v }));
const LABEL = 'target.db';

async function emptyTarget() {
  const target = await fileTarget();
  await target.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)');
  return target;
}

/** As `overseed undo` does it. */
async function undo(target: TestTarget) {
  const backups = path.join(target.folder, 'backups');
  await using opened = target.open();
  const file = await backupToUndo(backups, opened, new AbortController().signal);
  return restoreTo(target, file);
}

const stored = (target: TestTarget) => target.rows('SELECT v FROM t ORDER BY id');

describe('undo', () => {
  test('twice brings back what was undone', async () => {
    await using target = await emptyTarget();
    await pushTo(target, { t: rows('one') });
    await pushTo(target, { t: rows('two') });
    await undo(target);
    expect(await stored(target)).toEqual([['one']]);
    await undo(target);
    expect(await stored(target)).toEqual([['two']]);
  });

  test('passes over the backup of a run that failed after it', async () => {
    await using target = await emptyTarget();
    await pushTo(target, { t: rows('one') });
    await pushTo(target, { t: rows('two') });
    const broken = beforeApply(async () => {
      throw new OverseedError('TARGET_REJECTED', { what: 'no', state: 'old', next: '' });
    });
    await failureOf(pushTo(target, { t: rows('three') }, { around: broken }));
    await undo(target);
    expect(await stored(target)).toEqual([['one']]);
  });

  test('does not take an older backup for that of a push that made none', async () => {
    await using target = await emptyTarget();
    await pushTo(target, { t: rows('one') });
    await pushTo(target, { t: rows('two') });
    await target.run('DELETE FROM t');
    await pushTo(target, { t: rows('three') });
    const error = await failureOf(undo(target));
    expect(error).toMatchObject({ code: 'BACKUP_INVALID', state: 'old', exitCode: 4 });
    expect(error.what).toMatch(/^The last push to target\.db \(run \d{8}-\S+, \S+Z\) left no backup in /);
    expect(error.next).toMatch(/older than that push\. `overseed restore \S+\.db` would put it back\./);
    expect(await stored(target)).toEqual([['three']]);
  });

  test('says so when there is no backup at all', async () => {
    await using target = await emptyTarget();
    await pushTo(target, { t: rows('one') });
    const error = await failureOf(undo(target));
    expect(error.what).toMatch(/^There is no backup of target\.db in /);
  });
});

describe('retention', () => {
  const sealed = async (target: TestTarget) =>
    (await readdir(path.join(target.folder, 'backups', LABEL))).filter((name) => name.endsWith('.json'))
      .length;

  test('however little is kept, the last push can be undone', async () => {
    await using target = await emptyTarget();
    for (const name of ['one', 'two', 'three'])
      await pushTo(target, { t: rows(name) }, { retention: { keep: 1, days: 0 } });
    expect(await sealed(target)).toBe(1);
    await undo(target);
    expect(await stored(target)).toEqual([['two']]);
  });

  test('an undo removes no backup', async () => {
    await using target = await emptyTarget();
    for (let index = 0; index < 53; index++)
      await pushTo(target, { t: rows(String(index)) }, { retention: { keep: 100 } });
    expect(await sealed(target)).toBe(52);
    await undo(target);
    expect(await sealed(target)).toBe(53);
  });

  test('the newest backup is that of the last push', async () => {
    await using target = await emptyTarget();
    await pushTo(target, { t: rows('one') });
    const { outcome } = await pushTo(target, { t: rows('two') });
    const newest = await newestBackup(path.join(target.folder, 'backups'), LABEL);
    expect(outcome).toMatchObject({ status: 'applied', backup: newest });
  });
});
