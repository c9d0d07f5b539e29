/** A local file as a target while another program has it open: the same promises as on a server. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { failureOf, fileTarget, type PlainRow, pushTo } from '../support/engine.ts';
import { otherProgram } from '../support/other-program.ts';

const ROWS = 60;
const rows = (name: string): PlainRow[] =>
  Array.from({ length: ROWS }, (_, id) => ({ id: BigInt(id), v: name }));
const SEEN = "SELECT count(*) || ' ' || group_concat(DISTINCT v) FROM t";
const OLD = [[`${ROWS} old`]];
const NEW = [[`${ROWS} new`]];
const modes = ['wal', 'delete'] as const;

async function filledFile(mode: (typeof modes)[number]) {
  const target = await fileTarget();
  const file = path.join(target.dataFolder, 'target.db');
  await using program = await otherProgram(file);
  await program.run(`PRAGMA journal_mode=${mode}`);
  await program.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)');
  await pushTo(target, { t: rows('old') });
  expect(await program.run('PRAGMA journal_mode')).toEqual([[mode]]);
  return { target, file };
}

describe.concurrent.each(modes)('journal mode %s', (mode) => {
  test('a reader in the middle of a read transaction keeps its state; the push waits for it only without WAL', async () => {
    const { target: opened, file } = await filledFile(mode);
    await using target = opened;
    await using reader = await otherProgram(file);
    await reader.run('BEGIN');
    expect(await reader.run(SEEN)).toEqual(OLD);
    let isDone = false;
    const push = pushTo(target, { t: rows('new') }).finally(() => {
      isDone = true;
    });
    if (mode === 'wal') await push;
    else await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(isDone).toBe(mode === 'wal');
    expect(await reader.run(SEEN)).toEqual(OLD);
    await reader.run('COMMIT');
    expect((await push).outcome.status).toBe('applied');
    expect(await reader.run(SEEN)).toEqual(NEW);
  });

  test('a writer that holds the lock for seconds is waited for, and this thread is free meanwhile', async () => {
    const { target: opened, file } = await filledFile(mode);
    await using target = opened;
    await using writer = await otherProgram(file);
    await writer.run('CREATE TABLE other (n)');
    await writer.run(mode === 'wal' ? 'BEGIN IMMEDIATE' : 'BEGIN EXCLUSIVE');
    await writer.run('INSERT INTO other VALUES (1)');
    let longestMs = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 10);
    const release = new Promise((resolve) => setTimeout(resolve, 2_000)).then(() => writer.run('COMMIT'));
    const { outcome } = await pushTo(target, { t: rows('new') });
    clearInterval(ticks);
    await release;
    expect(outcome.status).toBe('applied');
    expect(longestMs).toBeLessThan(1_500);
    expect(await writer.run(SEEN)).toEqual(NEW);
    expect(await writer.run('SELECT n FROM other')).toEqual([[1]]);
  });

  test('Ctrl-C is answered while a lock is waited for', async () => {
    const { target: opened, file } = await filledFile(mode);
    await using target = opened;
    await using writer = await otherProgram(file);
    await writer.run('BEGIN EXCLUSIVE');
    const controller = new AbortController();
    const push = pushTo(target, { t: rows('new') }, { signal: controller.signal }).catch(
      (error: unknown) => error,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    const start = performance.now();
    controller.abort(new Error('Ctrl-C'));
    expect(await push).toMatchObject({ message: 'Ctrl-C' });
    expect(performance.now() - start).toBeLessThan(1_500);
    await writer.run('COMMIT');
    expect(await writer.run(SEEN)).toEqual(OLD);
  });

  test.each(['inline', 'delta', 'swap'] as const)(
    'P1: a program that reads all the time sees whole states, and is never turned away, %s',
    async (strategy) => {
      const { target: opened, file } = await filledFile(mode);
      await using target = opened;
      await using reader = await otherProgram(file);
      const polling = await reader.poll(SEEN);
      for (let push = 1; push <= 12; push++) {
        const { outcome } = await pushTo(target, { t: rows(push % 2 === 0 ? 'old' : 'new') }, { strategy });
        expect(outcome.status).toBe('applied');
      }
      const { answers, count } = await polling.stop();
      expect(answers).toEqual([JSON.stringify(NEW), JSON.stringify(OLD)]);
      expect(count).toBeGreaterThan(12);
    },
  );
});

test('a writer that never lets go ends the push; it says that the file is locked, and that nothing was changed', async () => {
  const { target: opened, file } = await filledFile('wal');
  await using target = opened;
  await using writer = await otherProgram(file);
  await writer.run('BEGIN IMMEDIATE');
  const warnings: string[] = [];
  const error = await failureOf(
    pushTo(
      target,
      { t: rows('new') },
      { onEvent: (event) => event.kind === 'warning' && warnings.push(event.message) },
    ),
  );
  expect(error).toMatchObject({ code: 'TARGET_BUSY', state: 'old', exitCode: 1 });
  expect(error.what).toMatch(/^target\.db is locked by another program/);
  expect(warnings[0]).toMatch(/^target\.db is locked by another program.* Trying again\.$/);
  await writer.run('ROLLBACK');
  expect(await writer.run(SEEN)).toEqual(OLD);
});

test('without WAL, a push that waits for a long reader lets other readers in meanwhile', async () => {
  const { target: opened, file } = await filledFile('delete');
  await using target = opened;
  await using long = await otherProgram(file);
  await long.run('BEGIN');
  await long.run(SEEN);
  await using others = await otherProgram(file, 3_000);
  const polling = await others.poll(SEEN);
  const push = pushTo(target, { t: rows('new') });
  await new Promise((resolve) => setTimeout(resolve, 4_500));
  await long.run('COMMIT');
  expect((await push).outcome.status).toBe('applied');
  expect((await polling.stop()).answers).toContain(JSON.stringify(OLD));
});

test('a file that is locked by somebody who writes can be opened, and a dry run waits until it can be read', async () => {
  const { target: opened, file } = await filledFile('delete');
  await using target = opened;
  await using writer = await otherProgram(file);
  await writer.run('BEGIN EXCLUSIVE');
  const dryRun = pushTo(target, { t: rows('new') }, { dryRun: true });
  setTimeout(() => void writer.run('COMMIT'), 500);
  expect((await dryRun).outcome.status).toBe('planned');
});
