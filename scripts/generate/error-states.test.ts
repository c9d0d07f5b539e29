/** The catalogue says of each error in which state it may leave the target; the code may not say more. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type ErrorCode, errorCatalogue } from '../../packages/overseed/src/model/error.ts';

const SOURCES = path.resolve(import.meta.dirname, '../../packages/overseed/src');

/** Where an error is made: its code, or two of them by a condition, and the state that follows. */
const MADE =
  /new OverseedError\(\s*(?:[\w.]+ \? )?'([A-Z_]+)'(?: : '([A-Z_]+)')?,\s*\{[\s\S]*?\bstate: '([a-z-]+)'/g;

test('every state in which the code leaves a target is in the catalogue', async () => {
  const files = (await readdir(SOURCES, { recursive: true })).filter((file) => /(?<!\.test)\.ts$/.test(file));
  const found: string[] = [];
  let made = 0;
  for (const file of files) {
    const text = await readFile(path.join(SOURCES, file), 'utf8');
    for (const [, first, second, state = ''] of text.matchAll(MADE))
      for (const code of [first, second].filter((name) => name !== undefined)) {
        made += 1;
        const states: readonly string[] = errorCatalogue[code as ErrorCode].states;
        if (!states.includes(state)) found.push(`${file}: ${code} ${state}`);
      }
  }
  expect(found).toEqual([]);
  expect(made).toBeGreaterThan(60);
});
