/** The table "Behaviour", and the helper functions that the note names. */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closingQuery, FINAL_STATE } from '../support/closing-query.ts';
import { dumpDatabase, dumpFolder, localDatabase, withoutBooks } from '../support/dump.ts';
import { freePort } from '../support/free-port.ts';
import { type Interception, tripwire } from '../support/intercept.ts';
import { fillWithOlderState, hashAt, stateOf } from '../support/older-site.ts';
import { expectFailure } from '../support/output.ts';
import { makeSite, type Site, secretsOf } from '../support/site.ts';

/** A script of the page names the cards too. */
const CARD = /<\w+[^>]* data-testid="property-card"/g;
const FORCE_REMOTE = 'db execute db/seed.ts --remote --force';

/** Run by `astro db execute`: each helper of the note, used as the note uses it. */
const HELPERS = `
import { uploadAllImagesToCloudinary } from '../../src/lib/cloudinary/batch-upload.ts';
import { categorizeError, executeAtomicTransaction, validateDatabaseConnection } from '../../src/lib/db/operations.ts';
import { images } from '../data/images.ts';

export default async function () {
  const isConnected = await validateDatabaseConnection(true);
  if (!isConnected) return console.log('NOT CONNECTED');
  const six = images.slice(0, 6).map(({ id, image, propertyId }) => ({ id, image, propertyId }));
  const uploaded = await uploadAllImagesToCloudinary(six);
  const again = await uploadAllImagesToCloudinary(six.toReversed());
  const steps = [];
  const result = await executeAtomicTransaction(async () => 'done', async () => void steps.push('never'));
  const failure = await executeAtomicTransaction(
    () => uploadAllImagesToCloudinary([{ ...six[0], image: 'no/hay.webp' }]),
    async () => void steps.push('rolled back'),
  ).catch((error) => error);
  console.log('RESULT ' + JSON.stringify({
    uploaded, again, steps, result, message: failure.message,
    category: categorizeError(failure), other: categorizeError(new Error('?')),
  }));
}
`;

interface HelperResult {
  readonly uploaded: readonly { id: string; cloudinaryUrl: string; cloudinaryPublicId: string }[];
  readonly again: HelperResult['uploaded'];
  readonly steps: readonly string[];
  readonly result: string;
  readonly message: string;
  readonly category: string;
  readonly other: string;
}

/** In order: each test goes on from where the one before it ended. */
describe('on the remote', () => {
  let cloud: LocalCloud;
  let site: Site;
  /** What the server itself counts: rows written since it started. */
  let rowsWritten: () => Promise<number>;

  beforeAll(async () => {
    const adminPort = await freePort();
    const admin = `127.0.0.1:${adminPort}`;
    cloud = await startLocalCloud({ database: { extraArgs: ['--admin-listen-addr', admin] } });
    rowsWritten = async () => {
      const response = await fetch(`http://${admin}/v1/namespaces/default/stats`);
      return ((await response.json()) as { rows_written_count: number }).rows_written_count;
    };
    site = await makeSite({ env: cloud.env, files: { 'db/scripts/helpers.ts': HELPERS } });
    expect(await site.astro('db push --remote')).toMatchObject({ exitCode: 0 });
    await fillWithOlderState(cloud);
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    await cloud.stop();
  });

  test('older, different data is replaced completely, and undo brings it back byte for byte', async () => {
    const before = await stateOf(cloud);
    const pushed = await site.astro(FORCE_REMOTE);
    expect(pushed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await closingQuery(cloud.database)).toEqual(FINAL_STATE);
    const seeded = await stateOf(cloud);
    for (const [table, rows] of Object.entries(withoutBooks(before.rows).tables)) {
      if (!/^(Categories|Propert)/.test(table)) continue;
      expect(rows.filter((row) => seeded.rows.tables[table]?.includes(row))).toEqual([]);
    }
    const backup = /backup +(\S+\.db)/.exec(pushed.stdout)?.[1] ?? '';
    await access(path.join(site.folder, backup));

    const command = /undo +pnpm (.*)/.exec(pushed.stdout)?.[1] ?? '';
    expect(command).toBe('overseed undo remote --force');
    const undone = await site.pnpm(command);
    expect(undone).toMatchObject({ exitCode: 0, stderr: '' });
    const after = await stateOf(cloud);
    expect(withoutBooks(after.rows)).toEqual(withoutBooks(before.rows));
    expect(after.pictures).toMatchObject(before.pictures);
  });

  test('P8: the second push writes no row and uploads no byte', async () => {
    await site.astro(FORCE_REMOTE);
    const [rows, dump, media] = [
      await rowsWritten(),
      await dumpDatabase(cloud.database),
      cloud.cloudinary.counters(),
    ];
    expect(rows).toBeGreaterThan(343);
    const { exitCode, stdout } = await site.astro(FORCE_REMOTE);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Nothing to do:');
    expect(await rowsWritten()).toBe(rows);
    expect(await dumpDatabase(cloud.database)).toEqual(dump);
    const { uploadRequests, bytesStored, overwritten, deleted } = cloud.cloudinary.counters();
    expect({ uploadRequests, bytesStored, overwritten, deleted }).toEqual({
      uploadRequests: media.uploadRequests,
      bytesStored: media.bytesStored,
      overwritten: media.overwritten,
      deleted: media.deleted,
    });
  });

  test('undo without --force changes nothing, with --dry-run neither, and a mistyped flag is refused', async () => {
    const before = await stateOf(cloud);
    const backups = await dumpFolder(path.join(site.folder, '.overseed'));
    const bare = await site.pnpm('overseed undo remote');
    expect(bare.exitCode).toBe(3);
    expect(bare.stdout).toContain('Add --force to replace it');
    const dry = await site.pnpm('overseed undo remote --force --dry-run');
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toContain('Nothing was changed anywhere');
    expectFailure(await site.pnpm('overseed undo remote --forse'), { exitCode: 4, names: ['--forse'] });
    expectFailure(await site.pnpm('overseed undoo remote'), { exitCode: 4, names: ['undoo', 'undo'] });
    expect(await stateOf(cloud)).toEqual(before);
    expect(await dumpFolder(path.join(site.folder, '.overseed'))).toEqual(backups);
  });

  test('the helper functions of the note do what it says', async () => {
    const { exitCode, stdout } = await site.astro('db execute db/scripts/helpers.ts --remote');
    expect(exitCode).toBe(0);
    const found = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? 'null') as HelperResult;
    expect(stdout).toContain(`127.0.0.1:${cloud.database.port}`);
    expect(found.uploaded).toHaveLength(6);
    expect(found.again.toReversed()).toEqual(found.uploaded);
    for (const { cloudinaryUrl, cloudinaryPublicId } of found.uploaded) {
      expect(cloudinaryPublicId).toMatch(/^real-estate\//);
      expect(await hashAt(cloudinaryUrl)).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(found.steps).toEqual(['rolled back']);
    expect(found.result).toBe('done');
    expect(found.message).toContain('no/hay.webp');
    expect([found.category, found.other]).toEqual(['input', 'unknown']);
  });

  test('validateDatabaseConnection says no, and why, when the token is wrong', async () => {
    const { stdout, stderr } = await site.astro('db execute db/scripts/helpers.ts --remote', {
      env: { ASTRO_DB_APP_TOKEN: 'not.the.token' },
    });
    expect(stdout).toContain('NOT CONNECTED');
    expect(stdout + stderr).toMatch(/refused the token \(HTTP 401/);
    expect(stdout + stderr).toContain('ASTRO_DB_APP_TOKEN');
  });

  test('P9: no token and no secret is printed, nor written to any file', async () => {
    const secrets = [...secretsOf(cloud.env), cloud.database.token];
    expect(secrets.length).toBeGreaterThan(3);
    const files = await Promise.all(
      (await dumpFolder(site.folder, ['node_modules', 'images'])).map((line) =>
        readFile(path.join(site.folder, line.slice(0, line.lastIndexOf(' ')))),
      ),
    );
    expect(site.printed.length).toBeGreaterThan(1_000);
    for (const secret of secrets) {
      expect(site.printed).not.toContain(secret);
      expect(files.filter((bytes) => bytes.includes(secret))).toEqual([]);
    }
  });
});

test('all 180 images arrive at a store that fails 20 % of all calls', async () => {
  await using cloud = await startLocalCloud();
  await using site = await makeSite({ env: cloud.env });
  await site.astro('db push --remote');
  cloud.cloudinary.faults.set({ kind: 'status', status: 500, rate: 0.1 });
  cloud.cloudinary.faults.set({ kind: 'drop', when: 'after-commit', rate: 0.1 });
  const result = await site.astro(FORCE_REMOTE);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(result.stdout).toMatch(/✔ upload .* retries/);
  expect(cloud.cloudinary.counters().faults).toBeGreaterThan(30);
  cloud.cloudinary.faults.clear();
  expect(cloud.cloudinary.assets()).toHaveLength(180);
  expect(await closingQuery(cloud.database)).toEqual(FINAL_STATE);
});

describe('at the start of astro build and astro dev', () => {
  let wire: Interception;
  let site: Site;

  beforeAll(async () => {
    wire = await tripwire();
    const env = {
      ASTRO_DB_REMOTE_URL: wire.url,
      ASTRO_DB_APP_TOKEN: 'eyJh.eyJpZ.c2ln',
      CLOUDINARY_CLOUD_NAME: 'costaclara',
      CLOUDINARY_API_KEY: '123456789012345',
      CLOUDINARY_API_SECRET: 'muy-secreto',
      CLOUDINARY_UPLOAD_PREFIX: wire.url,
      CLOUDINARY_DELIVERY_PREFIX: wire.url,
    };
    site = await makeSite({ env });
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    await wire[Symbol.asyncDispose]();
  });

  test('`astro build` seeds quietly, and calls neither the database nor the store of the cloud', async () => {
    const result = await site.astro('build');
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).not.toMatch(/overseed|upload|✘/i);
    expect(result.stdout).toContain('62 page(s) built');
    const home = (await site.read('dist/index.html')).toString();
    expect(home.match(CARD)).toHaveLength(60);
    const pictures = new Set([...home.matchAll(/src="(\/media\/[^"]+)"/g)].map(([, url]) => url));
    expect(pictures.size).toBeGreaterThanOrEqual(60);
    for (const url of pictures) await access(path.join(site.folder, 'dist', String(url)));
    expect(wire.count).toBe(0);
  });

  test('`astro dev` starts with a seeded database, serves the home page with 60 cards, and calls no cloud', async () => {
    const port = await freePort();
    const stop = new AbortController();
    let printed = '';
    let onReady = () => {};
    const ready = new Promise<void>((resolve) => {
      onReady = resolve;
    });
    const running = site.astro(`dev --port ${port} --host 127.0.0.1`, {
      signal: stop.signal,
      onOutput(text) {
        printed += text;
        if (printed.includes(`http://127.0.0.1:${port}`)) onReady();
      },
    });
    try {
      await Promise.race([ready, running]);
      const home = await (await fetch(`http://127.0.0.1:${port}/`)).text();
      expect(home.match(CARD)).toHaveLength(60);
      const picture = /src="(\/media\/[^"]+)"/.exec(home)?.[1] ?? '';
      const answer = await fetch(`http://127.0.0.1:${port}${picture}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
    } finally {
      stop.abort();
      await running;
    }
    expect(printed).not.toMatch(/overseed|upload|✘/i);
    expect(wire.count).toBe(0);
    expect(await closingQuery(localDatabase(site.folder))).toEqual(FINAL_STATE);
  });
});
