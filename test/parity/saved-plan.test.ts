/** A plan is saved, looked at and pushed as a user does it: `--dry-run --out FILE`, then `--force --plan FILE`. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closingQuery, FINAL_STATE } from '../support/closing-query.ts';
import { dumpDatabase, execute, localDatabase, query } from '../support/dump.ts';
import { fillWithOlderState, stateOf } from '../support/older-site.ts';
import { expectFailure, messageOf } from '../support/output.ts';
import type { CommandResult } from '../support/run-command.ts';
import { makeSite, type Site, secretsOf } from '../support/site.ts';

const REMOTE = 'db execute db/seed.ts --remote';
const SAVE = `${REMOTE} --dry-run --out plan.json`;
const PUSH = `${REMOTE} --force --plan plan.json`;
const SUCCESS = { exitCode: 0, stderr: '' };

let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud();
  await using site = await makeSite({ env: cloud.env });
  expect(await site.astro('db push --remote')).toMatchObject(SUCCESS);
});
afterAll(() => cloud.stop());

/** One JSON event a line; what pnpm says before them is left out. */
function eventsOf({ stdout }: CommandResult): Record<string, unknown>[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('what was looked at is pushed; once more there is nothing to do; undone, the plan holds again', async () => {
  await fillWithOlderState(cloud);
  await using site = await makeSite({ env: cloud.env });
  const before = await stateOf(cloud);
  const saved = await site.astro(SAVE);
  expect(saved).toMatchObject(SUCCESS);
  expect(saved.stdout).toMatch(/✔ saved +plan\.json/);
  expect(saved.stdout).toContain('Nothing was changed anywhere');
  expect(await stateOf(cloud)).toEqual(before);

  const text = (await site.read('plan.json')).toString();
  expect((await stat(path.join(site.folder, 'plan.json'))).mode & 0o777).toBe(0o600);
  for (const secret of secretsOf(cloud.env)) expect(text).not.toContain(secret);
  expect(text).not.toContain(site.folder);
  const plan = JSON.parse(text);
  expect(plan).toMatchObject({
    kind: 'overseed-plan',
    source: 'db/seed.ts',
    target: `127.0.0.1:${cloud.database.port}`,
    store: `cloudinary:${cloud.cloudinary.cloudName}`,
  });
  expect(plan.uploads).toHaveLength(180);

  const pushed = await site.astro(PUSH);
  expect(pushed).toMatchObject(SUCCESS);
  expect(pushed.stdout).toMatch(/✔ digest +\d+ rows of both sides/);
  expect(pushed.stdout).toMatch(/Done in/);
  expect(await closingQuery(cloud.database)).toEqual(FINAL_STATE);

  const again = await site.astro(PUSH);
  expect(again).toMatchObject(SUCCESS);
  expect(again.stdout).toContain('Nothing to do:');

  // The files are in the store by now, which changes nothing about where this leads.
  expect(await site.pnpm('overseed undo remote --force')).toMatchObject({ exitCode: 0 });
  const uploads = cloud.cloudinary.counters().uploads;
  expect(await site.astro(PUSH)).toMatchObject(SUCCESS);
  expect(await closingQuery(cloud.database)).toEqual(FINAL_STATE);
  expect(cloud.cloudinary.counters().uploads).toBe(uploads);
});

describe('a stale plan is refused with exit code 3, and nothing changes', () => {
  let site: Site;
  beforeAll(async () => {
    site = await makeSite({ env: cloud.env });
  });
  beforeEach(async () => {
    await fillWithOlderState(cloud);
    expect(await site.astro(SAVE)).toMatchObject(SUCCESS);
  });
  afterAll(() => site[Symbol.asyncDispose]());

  async function expectRefused(command: string, names: readonly (string | RegExp)[], where = site) {
    const before = await stateOf(cloud);
    const result = await where.astro(command);
    expectFailure(result, { exitCode: 3, names: [...names, 'The target is as it was.', '(PLAN_STALE)'] });
    expect(await stateOf(cloud)).toEqual(before);
  }

  test('when the target moved: by one cell, and by rows', async () => {
    await execute(
      cloud.database,
      "UPDATE Properties SET latitude = latitude + 1e-14 WHERE slug = 'oportunidad-1'",
      'DELETE FROM PropertyCategories WHERE rowid IN (SELECT max(rowid) FROM PropertyCategories)',
    );
    await expectRefused(PUSH, [
      `127.0.0.1:${cloud.database.port} has changed since:`,
      'Properties on the target: 25 rows then and now, but other values',
      'PropertyCategories on the target: 25 rows then, 24 now',
      'PropertyCategories: 92 inserts, 0 updates, 25 deletes in the plan; 92 inserts, 0 updates, 24 deletes now',
      'Save a new plan',
    ]);
    await expectRefused(`${REMOTE} --dry-run --plan plan.json`, ['has changed since:']);
  });

  test('when the source moved', async () => {
    const one = {
      'db/seed.ts': {
        'rows(Categories, categories)':
          'rows(Categories, categories.map((row) => ({ ...row, sortOrder: 5 })))',
      },
    };
    await using other = await makeSite({ env: cloud.env, edits: one });
    await writeFile(path.join(other.folder, 'plan.json'), await site.read('plan.json'));
    await expectRefused(
      PUSH,
      [
        'db/seed.ts says something else now:',
        'Categories in the source: 11 rows then and now, but other values',
      ],
      other,
    );
  });

  test('when a picture is another', async () => {
    const { images } = await import('../../examples/real-estate/db/data/images.ts');
    const [first, second] = images;
    await using other = await makeSite({ env: cloud.env });
    await writeFile(path.join(other.folder, 'plan.json'), await site.read('plan.json'));
    await writeFile(
      path.join(other.folder, 'images', first?.image ?? ''),
      await other.read(`images/${second?.image}`),
    );
    await expectRefused(
      PUSH,
      ['PropertiesImages in the source: 180 rows then and now', 'files of the source: 180 then, 179 now'],
      other,
    );
  });

  test('with --json: one event says so', async () => {
    await execute(cloud.database, "UPDATE Categories SET name = 'x' WHERE slug = 'villas'");
    const result = await site.pnpm(`--silent astro ${PUSH} --json`);
    expect(result.exitCode).toBe(3);
    expect(eventsOf(result).at(-1)).toMatchObject({
      kind: 'run-failed',
      code: 'PLAN_STALE',
      state: 'old',
      exitCode: 3,
    });
  });
});

describe('bad input ends with exit code 4, and nothing changes:', () => {
  let site: Site;
  beforeAll(async () => {
    site = await makeSite({
      env: cloud.env,
      files: { 'secrets.env': 'TOKEN=muy-secreto\n' },
    });
    expect(await site.astro(`db execute db/seed.ts --dry-run --out local.json`)).toMatchObject(SUCCESS);
    const text = (await site.read('local.json')).toString();
    await writeFile(path.join(site.folder, 'cut.json'), text.slice(0, text.length / 2));
    await writeFile(
      path.join(site.folder, 'newer.json'),
      text.replace('"formatVersion": 1', '"formatVersion": 2'),
    );
    await writeFile(path.join(site.folder, 'changed.json'), text.replace('"inserts":60', '"inserts":6'));
  });
  afterAll(() => site[Symbol.asyncDispose]());

  test.each([
    { flags: '--force --plan missing.json', names: ['There is no file missing.json.'] },
    { flags: '--force --plan secrets.env', names: ['secrets.env is not a saved plan'] },
    { flags: '--force --plan cut.json', names: ['was cut off'] },
    {
      flags: '--force --plan newer.json',
      names: ['is of format 2, and this version of Overseed reads format 1'],
    },
    {
      flags: '--force --plan changed.json',
      names: ['was changed after it was saved', 'tables[1].rowsAfter'],
    },
    { flags: '--force --plan local.json', names: ['was made for .astro/content.db, and this is 127.0.0.1'] },
    {
      flags: '--out plan.json',
      names: ['--out saves a plan, and this command would push.', 'Add --dry-run'],
    },
    { flags: '--dry-run --out no/such/plan.json', names: ['There is no folder no/such.'] },
    { flags: '--dry-run --out package.json', names: ['package.json is there, and is not a plan'] },
  ])('`$flags`', async ({ flags, names }) => {
    const before = await dumpDatabase(cloud.database);
    const manifest = await site.read('package.json');
    const result = await site.astro(`${REMOTE} ${flags}`);
    expectFailure(result, { exitCode: 4, names });
    expect(messageOf(result)).not.toContain('muy-secreto');
    expect(await dumpDatabase(cloud.database)).toEqual(before);
    expect(await site.read('package.json')).toEqual(manifest);
  });
});

test('on the local database of a fresh site, and as events with --json', async () => {
  await using site = await makeSite();
  await mkdir(path.join(site.folder, 'plans'));
  const saving = await site.pnpm(
    '--silent astro db execute db/seed.ts --dry-run --out plans/first.json --json',
  );
  expect(saving).toMatchObject(SUCCESS);
  const events = eventsOf(saving);
  expect(events.map(({ kind }) => kind).slice(-2)).toEqual(['plan-saved', 'run-finished']);
  expect(events.at(-2)).toMatchObject({ file: 'plans/first.json' });
  const saved = JSON.parse(await readFile(path.join(site.folder, 'plans', 'first.json'), 'utf8'));
  expect(events.find(({ kind }) => kind === 'plan-made')).toMatchObject({
    plan: { basedOn: saved.basedOn, resultsIn: saved.resultsIn },
  });
  expect(await site.astro('db execute db/seed.ts --plan plans/first.json')).toMatchObject(SUCCESS);
  expect((await dumpDatabase(localDatabase(site.folder))).tables.Properties).toHaveLength(60);
  const [images] = await query(
    localDatabase(site.folder),
    'SELECT count(*) AS n FROM PropertiesImages WHERE isMigrated',
  );
  expect(images).toEqual({ n: 180n });
});
