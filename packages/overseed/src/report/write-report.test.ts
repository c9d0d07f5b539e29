import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeReport } from './write-report.ts';

test('whatever goes wrong with the page, the run has ended as it did, and nothing is left behind', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'overseed-report-'));
  try {
    const bug = async () => {
      throw new TypeError('a bug');
    };
    const failed = writeReport(path.join(folder, 'report.html'), bug, 'new');
    await expect(failed).rejects.toMatchObject({ code: 'REPORT_NOT_WRITTEN', state: 'new' });
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
