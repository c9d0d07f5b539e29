/** How many backups stay is said in `db/seed.ts`. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { execute, localDatabase, query } from '../support/dump.ts';
import { expectFailure } from '../support/output.ts';
import { makeSite } from '../support/site.ts';

const SEED = 'db execute db/seed.ts --force';
const withBackups = (settings: string) => ({
  edits: {
    'db/seed.ts': {
      'export default defineSeed({': `export default defineSeed({ backups: ${settings} as object,`,
    },
  },
});

test('`backups: { keep: 1 }` keeps the one that undo needs', async () => {
  await using site = await makeSite(withBackups('{ keep: 1, maxAgeDays: 30 }'));
  const database = localDatabase(site.folder);
  expect(await site.astro(SEED)).toMatchObject({ exitCode: 0 });
  for (const title of ['first', 'second']) {
    await execute(database, `UPDATE Categories SET name='${title}'`);
    expect(await site.astro(SEED)).toMatchObject({ exitCode: 0, stderr: '' });
  }
  const [folder = ''] = await readdir(path.join(site.folder, '.overseed/backups'));
  const names = await readdir(path.join(site.folder, '.overseed/backups', folder));
  expect(names.filter((name) => name.endsWith('.json'))).toHaveLength(1);
  expect(await site.pnpm('overseed undo local --force')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await query(database, 'SELECT DISTINCT name FROM Categories')).toEqual([{ name: 'second' }]);
});

test('a value that it cannot have is refused by name, before anything is contacted', async () => {
  await using site = await makeSite(withBackups('{ keep: 0, age: 3 }'));
  expectFailure(await site.astro(SEED), {
    exitCode: 4,
    names: [
      'db/seed.ts has 2 problems',
      'backups.keep: must be a whole number of at least 1, not 0',
      'backups.age: is not a known key',
      'The target was not contacted.',
    ],
  });
});
