/** A failure in the middle, at each place where one can happen: the old rows and images stay, and running again finishes. */
import { isDeepStrictEqual } from 'node:util';
import { type LocalCloud, startCloudinary, startLocalCloud } from 'local-cloud';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { images } from '../../examples/real-estate/db/data/images.ts';
import { closingQuery, FINAL_STATE } from '../support/closing-query.ts';
import { type DatabaseDump, dumpDatabase, execute, withoutBooks } from '../support/dump.ts';
import { type Fate, intercept, type SeenRequest } from '../support/intercept.ts';
import { fillWithOlderState, stateOf } from '../support/older-site.ts';
import { expectFailure, messageOf } from '../support/output.ts';
import { makeSite, type Site } from '../support/site.ts';

const FORCE_REMOTE = 'db execute db/seed.ts --remote --force';
const PICTURE = images[100]?.image ?? '';

/** The CREATE statements of the site, as `astro db push` makes them. */
let schema: string[];

beforeAll(async () => {
  await using cloud = await startLocalCloud();
  await using site = await makeSite({ env: cloud.env });
  expect(await site.astro('db push --remote')).toMatchObject({ exitCode: 0 });
  const { schema: lines } = await dumpDatabase(cloud.database);
  const tables = ['Categories', 'Properties', 'PropertiesImages', 'PropertyCategories'];
  schema = lines
    .filter((line) => tables.some((name) => new RegExp(`^(table|index) ${name}[:_]`).test(line)))
    .map((line) => line.slice(line.indexOf(': ') + 2))
    .sort((a, b) => b.indexOf('TABLE') - a.indexOf('TABLE'));
});

async function startOlderCloud(options: Parameters<typeof startLocalCloud>[0] = {}): Promise<LocalCloud> {
  const cloud = await startLocalCloud(options);
  await execute(cloud.database, ...schema);
  await fillWithOlderState(cloud);
  return cloud;
}

/** The same command, when what was broken is whole again. */
async function expectThatRunningAgainFinishes(site: Site, cloud: LocalCloud, env = {}): Promise<string> {
  const result = await site.astro(FORCE_REMOTE, { env });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await closingQuery(cloud.database)).toEqual(FINAL_STATE);
  const ours = cloud.cloudinary.assets().filter(({ public_id }) => public_id.startsWith('real-estate/'));
  expect(ours).toHaveLength(180);
  return result.stdout;
}

const isApply = ({ body }: SeenRequest) => body.includes('INSERT INTO _overseed_runs');
const tablesOf = (dump: DatabaseDump) => withoutBooks(dump).tables;

describe.concurrent('the rows are wholly old or wholly new, and running again finishes, when', {
  timeout: 180_000,
}, () => {
  test('the database is killed while it works on the transaction', async () => {
    await using cloud = await startOlderCloud();
    const before = await dumpDatabase(cloud.database);
    let killed: Promise<void> | undefined;
    await using between = await intercept(cloud.database.url, (request) => {
      if (!isApply(request)) return 'pass';
      // The request is passed on at the same moment.
      killed = new Promise((resolve) => setImmediate(() => resolve(cloud.database.kill())));
      return 'pass';
    });
    await using site = await makeSite({ env: { ...cloud.env, ASTRO_DB_REMOTE_URL: between.url } });
    const result = await site.astro(FORCE_REMOTE, { timeoutMs: 120_000 });
    await killed;
    await cloud.database.restart();
    expectFailure(result, {
      exitCode: 1,
      names: [
        'The answer to the commit was lost',
        'Whether the target changed is not known.',
        'run the same command',
      ],
    });
    const after = await dumpDatabase(cloud.database);
    const isNew = isDeepStrictEqual(await closingQuery(cloud.database), FINAL_STATE);
    if (!isNew) expect(withoutBooks(after)).toEqual(withoutBooks(before));
    await expectThatRunningAgainFinishes(site, cloud, { ASTRO_DB_REMOTE_URL: cloud.database.url });
  });

  test('the answer to the commit is lost: the push asks, and knows that it is done', async () => {
    await using cloud = await startOlderCloud();
    let lost = 0;
    await using between = await intercept(cloud.database.url, (request) => {
      if (!isApply(request)) return 'pass';
      lost++;
      return 'lose-answer';
    });
    await using site = await makeSite({ env: { ...cloud.env, ASTRO_DB_REMOTE_URL: between.url } });
    const result = await site.astro(FORCE_REMOTE);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(lost).toBe(1);
    expect(result.stdout).toContain('The answer to the commit was lost');
    expect(result.stdout).toContain('Done in');
    const tables = tablesOf(await dumpDatabase(cloud.database));
    const again = await expectThatRunningAgainFinishes(site, cloud);
    expect(again).toContain('Nothing to do:');
    expect(tablesOf(await dumpDatabase(cloud.database))).toEqual(tables);
  });

  test('the database comes back while the push asks what happened: it is finished in the same run', async () => {
    await using cloud = await startOlderCloud();
    let attempts = 0;
    await using between = await intercept(cloud.database.url, async (request): Promise<Fate> => {
      if (!isApply(request) || ++attempts > 1) return 'pass';
      await cloud.database.kill();
      void cloud.database.restart();
      return 'pass';
    });
    await using site = await makeSite({ env: { ...cloud.env, ASTRO_DB_REMOTE_URL: between.url } });
    const result = await site.astro(FORCE_REMOTE);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(attempts).toBe(2);
    expect(messageOf(result)).toBe('');
    expect(await closingQuery(cloud.database)).toEqual(FINAL_STATE);
  });
});

describe.concurrent('the old rows and images stay as they were, and running again finishes, when', {
  timeout: 180_000,
}, () => {
  test('the store refuses an image for good', async () => {
    await using cloud = await startOlderCloud();
    await using site = await makeSite({ env: cloud.env });
    const before = await stateOf(cloud);
    cloud.cloudinary.faults.set({
      kind: 'refuse',
      route: 'upload',
      match: PICTURE.replace(/\.webp$/, '').replace('/', '-'),
      message: 'Moderation rejected this image',
    });
    const result = await site.astro(FORCE_REMOTE);
    expectFailure(result, {
      exitCode: 1,
      names: ['1 of 180 files', PICTURE, 'Moderation rejected this image', 'The target is as it was.'],
    });
    const after = await stateOf(cloud);
    expect(withoutBooks(after.rows)).toEqual(withoutBooks(before.rows));
    expect(after.pictures).toMatchObject(before.pictures);
    cloud.cloudinary.faults.clear();
    const uploads = cloud.cloudinary.counters().uploads;
    await expectThatRunningAgainFinishes(site, cloud);
    expect(cloud.cloudinary.counters().uploads).toBe(uploads + 1);
  });

  test('the store goes down in the middle of the uploads', async () => {
    await using home = await makeSite();
    const dataDir = `${home.folder}/cloud`;
    await using cloud = await startOlderCloud({ dataDir });
    await using site = await makeSite({ env: cloud.env });
    const before = await stateOf(cloud);
    cloud.cloudinary.faults.set({ kind: 'latency', route: 'upload', ms: 50 });
    const running = site.astro(FORCE_REMOTE);
    await vi.waitUntil(() => cloud.cloudinary.counters().uploads >= 3 + 60, {
      timeout: 60_000,
      interval: 20,
    });
    await cloud.cloudinary.stop();
    const result = await running;
    expectFailure(result, {
      exitCode: 1,
      names: [
        /did not take \d+ of 180 files/,
        /\S+\.webp.*: no answer \(.*ECONNREFUSED/,
        'The target is as it was.',
      ],
    });
    expect(result.durationMs).toBeLessThan(40_000);
    const { port, apiKey, apiSecret } = cloud.cloudinary;
    await using cloudinary = await startCloudinary({ port, apiKey, apiSecret, dataDir: `${dataDir}/media` });
    const restored: LocalCloud = { ...cloud, cloudinary };
    const after = await stateOf(restored);
    expect(withoutBooks(after.rows)).toEqual(withoutBooks(before.rows));
    expect(after.pictures).toMatchObject(before.pictures);
    await expectThatRunningAgainFinishes(site, restored);
    expect(cloudinary.counters().uploads).toBeLessThanOrEqual(180 - 60);
  });

  test('the database is killed while the last image goes up', async () => {
    await using cloud = await startOlderCloud();
    await using site = await makeSite({ env: cloud.env });
    const before = await stateOf(cloud);
    cloud.cloudinary.faults.set({ kind: 'latency', route: 'upload', match: 'elviria-jardin', ms: 1_500 });
    const running = site.astro(FORCE_REMOTE);
    // The three pictures that wait are the last ones.
    await vi.waitUntil(() => cloud.cloudinary.counters().uploads >= 3 + 176, {
      timeout: 60_000,
      interval: 10,
    });
    await cloud.database.kill();
    const result = await running;
    await cloud.database.restart();
    expectFailure(result, {
      exitCode: 1,
      names: [`127.0.0.1:${cloud.database.port}`, 'could not be reached', 'The target is as it was.'],
    });
    const after = await stateOf(cloud);
    expect(withoutBooks(after.rows)).toEqual(withoutBooks(before.rows));
    expect(after.pictures).toMatchObject(before.pictures);
    const said = await expectThatRunningAgainFinishes(site, cloud);
    expect(said).toMatch(/180 were there|already in the store/);
  });

  test('the connection to the database is cut before it gets the transaction', async () => {
    await using cloud = await startOlderCloud();
    const before = await stateOf(cloud);
    let cuts = 0;
    await using between = await intercept(cloud.database.url, (request) => {
      if (!isApply(request)) return 'pass';
      cuts++;
      return 'cut';
    });
    await using site = await makeSite({ env: { ...cloud.env, ASTRO_DB_REMOTE_URL: between.url } });
    const result = await site.astro(FORCE_REMOTE);
    expect(cuts).toBeGreaterThan(1);
    expectFailure(result, { exitCode: 1, names: ['lost the connection', 'The target is as it was.'] });
    const after = await stateOf(cloud);
    expect(withoutBooks(after.rows)).toEqual(withoutBooks(before.rows));
    expect(after.pictures).toMatchObject(before.pictures);
    await expectThatRunningAgainFinishes(site, cloud, { ASTRO_DB_REMOTE_URL: cloud.database.url });
  });
});
