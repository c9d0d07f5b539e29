import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newestBackup, openBackup, sealBackup, thinOut } from './backups.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-backups-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function seal(runId: string, { isAsked = false } = {}): Promise<string> {
  const file = path.join(folder, 'actual.db');
  await writeFile(file, `contents of ${runId}`);
  return sealBackup(folder, { file, tables: [], target: 'host:1', runId, createdAt: new Date(), isAsked });
}

describe('a backup', () => {
  test('is whole only with its manifest, and only as it was sealed', async () => {
    const file = await seal('20260101-000000-aaaaaa');
    expect(await openBackup(file)).toMatchObject({ run: '20260101-000000-aaaaaa', target: 'host:1' });
    await writeFile(file, 'changed');
    await expect(openBackup(file)).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
    await rm(`${file}.json`);
    await expect(openBackup(file)).rejects.toThrow(/never finished, or is not a backup/);
  });

  test('that was interrupted is never the newest', async () => {
    const whole = await seal('20260101-000000-aaaaaa');
    await mkdir(path.dirname(whole), { recursive: true });
    await writeFile(path.join(path.dirname(whole), '20260102-000000-bbbbbb.db'), 'half');
    expect(await newestBackup(folder, 'host:1')).toBe(whole);
    expect(await newestBackup(folder, 'another')).toBeUndefined();
  });

  test('can be read by its owner only', async () => {
    const { stat } = await import('node:fs/promises');
    const file = await seal('20260101-000000-aaaaaa');
    for (const each of [file, `${file}.json`]) expect((await stat(each)).mode & 0o077).toBe(0);
  });
});

describe('retention', () => {
  const names = async () =>
    (await readdir(path.join(folder, 'host_1'))).filter((name) => name.endsWith('.db'));
  beforeEach(async () => {
    for (const day of ['01', '05', '09', '10']) await seal(`202601${day}-000000-aaaaaa`);
  });

  test('keeps the newest by count', async () => {
    expect(await thinOut(folder, 'host:1', { keep: 2 }, new Date('2026-01-10T01:00:00Z'))).toBe(2);
    expect(await names()).toEqual(['20260109-000000-aaaaaa.db', '20260110-000000-aaaaaa.db']);
  });

  test('one that was asked for stays, and takes the place of no other', async () => {
    const asked = await seal('20260109-120000-bbbbbb', { isAsked: true });
    expect(await thinOut(folder, 'host:1', { keep: 2 }, new Date('2026-01-10T01:00:00Z'))).toBe(2);
    expect(await names()).toEqual([
      '20260109-000000-aaaaaa.db',
      path.basename(asked),
      '20260110-000000-aaaaaa.db',
    ]);
    expect(await openBackup(asked)).toMatchObject({ run: '20260109-120000-bbbbbb' });
  });

  test('drops what is too old, but never the newest', async () => {
    await thinOut(folder, 'host:1', { keep: 9, days: 3 }, new Date('2026-01-10T01:00:00Z'));
    expect(await names()).toEqual(['20260109-000000-aaaaaa.db', '20260110-000000-aaaaaa.db']);
    await thinOut(folder, 'host:1', { keep: 9, days: 3 }, new Date('2027-01-01T00:00:00Z'));
    expect(await names()).toEqual(['20260110-000000-aaaaaa.db']);
  });

  test('clears away what a killed run left half made, after a day; files of others stay', async () => {
    const home = path.join(folder, 'host_1');
    const halves = ['.db', '.db.part', '.db.json.part'].map(
      (end, index) => `2026010${index + 2}-000000-bbbbbb${end}`,
    );
    for (const name of [...halves, '20260110-010000-cccccc.db.part', 'mine.db', '20260102.txt'])
      await writeFile(path.join(home, name), 'half');
    await thinOut(folder, 'host:1', {}, new Date('2026-01-10T01:00:00Z'));
    const left = (await readdir(home)).filter((name) => !name.includes('aaaaaa'));
    expect(left.sort()).toEqual(['20260102.txt', '20260110-010000-cccccc.db.part', 'mine.db']);
    expect(await names()).toHaveLength(5);
  });
});
