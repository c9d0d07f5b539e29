import { expect, test } from 'vitest';
import { wait } from '../util/wait.ts';
import { startRun } from './run.ts';

test('the ids of runs sort by time, also within a second', async () => {
  const { signal } = new AbortController();
  const ids: string[] = [];
  for (let count = 0; count < 20; count++) {
    ids.push(startRun({ signal, emit: () => undefined }).id);
    await wait(2, signal);
  }
  expect(ids).toEqual([...ids].sort());
  expect(ids[0]).toMatch(/^\d{8}-\d{6}-[0-9a-f]{6}$/);
});
