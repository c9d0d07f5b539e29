/** What rows say of their files, and how files are shared, renamed and changed; on a real server and the emulator. */
import { type CloudinaryEmulator, startCloudinary } from 'local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCloudinaryStore } from '../../packages/overseed/src/assets/cloudinary/open.ts';
import { openAssetSite, refusal } from '../support/asset-site.ts';
import { pushTo } from '../support/engine.ts';

let cloud: CloudinaryEmulator;
beforeAll(async () => {
  cloud = await startCloudinary();
});
afterAll(() => cloud.stop());

describe('columns', () => {
  const SCHEMA = `CREATE TABLE home (id TEXT PRIMARY KEY, photo TEXT, url TEXT, pid TEXT, done INTEGER NOT NULL DEFAULT 0,
    w INTEGER, h INTEGER, size INTEGER, kind TEXT, hash TEXT)`;
  const ALL = {
    path: 'photo',
    url: 'url',
    publicId: 'pid',
    done: 'done',
    width: 'w',
    height: 'h',
    bytes: 'size',
    format: 'kind',
    placeholder: 'hash',
  };

  test('receive all that is known of a file, and the second push changes nothing and asks nobody (P8)', async () => {
    await using site = await openAssetSite(cloud, 'all', SCHEMA);
    const bytes = await site.draw('kitchen.png', '#c33');
    const rows = {
      home: [
        { id: 'a', photo: 'kitchen.png' },
        { id: 'b', photo: null, url: 'https://elsewhere.example/x' },
      ],
    };
    const columns = { home: [site.declare(ALL)] };
    expect((await site.push(rows, columns)).outcome.status).toBe('applied');
    const [stored] = site.stored();
    expect(await site.rows('SELECT * FROM home ORDER BY id')).toEqual([
      [
        'a',
        'kitchen.png',
        `${cloud.url}/demo/image/upload/v1/${stored?.public_id}.png`,
        stored?.public_id,
        1n,
        60n,
        40n,
        BigInt(bytes.byteLength),
        'png',
        expect.stringMatching(/^[A-Za-z0-9+/]{20,}=*$/),
      ],
      // Without a file a row keeps what it says itself.
      ['b', null, 'https://elsewhere.example/x', null, 0n, null, null, null, null, null],
    ]);
    const before = cloud.counters();
    expect((await site.push(rows, columns)).outcome.status).toBe('unchanged');
    expect(cloud.counters()).toEqual(before);
  });

  test('may be named in other capitals than the database uses', async () => {
    await using site = await openAssetSite(cloud, 'capitals', SCHEMA);
    await site.draw('kitchen.png', '#c34');
    const columns = { HOME: [site.declare({ path: 'Photo', url: 'URL' })] };
    const rows = { home: [{ id: 'a', PHOTO: 'kitchen.png', Url: 'old' }] };
    expect((await site.push(rows, columns)).outcome.status).toBe('applied');
    expect(await site.rows('SELECT url FROM home')).toEqual([
      [expect.stringContaining('/capitals/kitchen-')],
    ]);
  });

  test('one row may hold several files, also the same one twice', async () => {
    await using site = await openAssetSite(
      cloud,
      'several',
      'CREATE TABLE home (id TEXT PRIMARY KEY, photo TEXT, photo_url TEXT, plan TEXT, plan_url TEXT, thumb_url TEXT, thumb_w INTEGER)',
    );
    await site.draw('kitchen.png', '#c35');
    await site.draw('plan.png', '#fff');
    const columns = {
      home: [
        site.declare({ path: 'photo', url: 'photo_url' }),
        site.declare({ path: 'plan', url: 'plan_url' }),
        site.declare({ path: 'photo', url: 'thumb_url', width: 'thumb_w', optimise: { maxWidth: 30 } }),
      ],
    };
    const { outcome } = await site.push(
      { home: [{ id: 'a', photo: 'kitchen.png', plan: 'plan.png' }] },
      columns,
    );
    expect(outcome).toMatchObject({ status: 'applied', uploads: { uploaded: 3 } });
    const [[photo, plan, thumb, width] = []] = await site.rows(
      'SELECT photo_url, plan_url, thumb_url, thumb_w FROM home',
    );
    expect(width).toBe(30n);
    expect(new Set([photo, plan, thumb]).size).toBe(3);
    for (const url of [photo, plan, thumb]) expect((await fetch(String(url))).status).toBe(200);
  });

  test('a list of paths becomes lists in the same order', async () => {
    await using site = await openAssetSite(cloud, 'lists', SCHEMA);
    await site.draw('b.png', '#b00', { width: 10, height: 20 });
    await site.draw('a.png', '#a00', { width: 30, height: 40 });
    const columns = { home: [site.declare({ ...ALL, list: true })] };
    const rows = {
      home: [
        { id: '1', photo: '["b.png","a.png","b.png"]' },
        { id: '2', photo: '[]' },
        { id: '3', photo: null },
      ],
    };
    expect((await site.push(rows, columns)).outcome).toMatchObject({
      status: 'applied',
      uploads: { uploaded: 2 },
    });
    const found = await site.rows('SELECT url, w, done, kind, pid FROM home ORDER BY id');
    const [b, a] = ['b-', 'a-'].map(
      (stem) => site.stored().find((one) => one.public_id.startsWith(`lists/${stem}`))?.public_id,
    );
    expect(found[0]?.slice(1)).toEqual(['[10,30,10]', 1n, '["png","png","png"]', JSON.stringify([b, a, b])]);
    const urls = JSON.parse(String(found[0]?.[0])) as string[];
    expect(urls).toEqual([b, a, b].map((id) => `${cloud.url}/demo/image/upload/v1/${id}.png`));
    expect(found.slice(1)).toEqual([
      ['[]', '[]', 1n, '[]', '[]'],
      [null, null, 0n, null, null],
    ]);
    expect((await site.push(rows, columns)).outcome.status).toBe('unchanged');
  });

  test('a path column may become the URL itself', async () => {
    await using site = await openAssetSite(cloud, 'itself', SCHEMA);
    await site.draw('kitchen.png', '#c36');
    await site.push(
      { home: [{ id: 'a', photo: 'kitchen.png' }] },
      { home: [site.declare({ path: 'photo', url: 'photo' })] },
    );
    expect(await site.rows('SELECT photo FROM home')).toEqual([
      [expect.stringMatching(/^http.*\/itself\/kitchen-/)],
    ]);
  });

  test('that cannot be are all named, with the nearest name, before anything is looked at', async () => {
    await using site = await openAssetSite(
      cloud,
      'unknown',
      'CREATE TABLE home (id TEXT PRIMARY KEY, photo TEXT, photoUrl TEXT, plan TEXT, twice AS (id || id))',
    );
    const columns = {
      home: [
        site.declare({ path: 'photo', url: 'photoUrll', publicId: 'nowhere', done: 'twice' }),
        site.declare({ path: 'plan', url: 'PhotoUrl', format: 'photo' }),
        site.declare({ path: 'photo', url: 'photourl' }),
      ],
      homes: [site.declare({ path: 'photo', url: 'url' })],
    };
    const error = await refusal(site.push({ home: [{ id: 'a', photo: 'none.png' }] }, columns));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.what.split('\n')).toEqual([
      'The asset columns do not fit the test:',
      '  home.photoUrll (url): there is no such column (did you mean photoUrl?)',
      '  home.nowhere (publicId): there is no such column',
      '  home.twice (done): the database computes this column itself',
      '  home.photo: is to receive the format of plan, and holds paths itself',
      '  home.photourl: is to receive both the url of plan and the url of photo',
      '  homes: is no table of the source (did you mean home?)',
    ]);
    expect(
      await site.rows("SELECT count(*) FROM sqlite_schema WHERE name LIKE '\\_overseed%' ESCAPE '\\'"),
    ).toEqual([[0n]]);
  });

  test('lists that are none are named, each with what is wrong in it', async () => {
    await using site = await openAssetSite(cloud, 'no-lists', SCHEMA);
    await site.draw('a.png', '#a01');
    const columns = { home: [site.declare({ path: 'photo', url: 'url', list: true })] };
    const home = [
      '["a.png",null]',
      '{"a":1}',
      'a.png',
      '["a.png",["a.png"]]',
      '["a.png","none.png","../a.png"]',
      '"a.png"',
      '[1]',
    ].map((photo, index) => ({ id: `${index}`, photo }));
    const error = await refusal(site.push({ home: [...home, { id: '7', photo: 7n }] }, columns));
    expect(error.code).toBe('ASSET_INVALID');
    expect(error.what.split('\n').slice(1)).toEqual([
      '  home.photo (id=0): "[\\"a.png\\",null]" has null where a path should be (number 2 in the list)',
      '  home.photo (id=1): "{\\"a\\":1}" is not a JSON array of paths',
      '  home.photo (id=2): "a.png" is not a JSON array of paths',
      '  home.photo (id=3): "[\\"a.png\\",[\\"a.png\\"]]" has ["a.png"] where a path should be (number 2 in the list)',
      expect.stringMatching(/home\.photo \(id=4\): none\.png is missing .* \(number 2 in the list\)$/),
      expect.stringMatching(/home\.photo \(id=4\): \.\.\/a\.png leads out of .* \(number 3 in the list\)$/),
      '  home.photo (id=5): "\\"a.png\\"" is not a JSON array of paths',
      '  home.photo (id=6): "[1]" has 1 where a path should be (number 1 in the list)',
      '  home.photo (id=7): 7 is not a JSON array of paths',
    ]);
  });

  test('two rows that disagree about what one row receives: both are named', async () => {
    await using site = await openAssetSite(cloud, 'disagree', SCHEMA);
    await site.draw('a.png', '#a02');
    await site.draw('b.png', '#b02');
    const rows = {
      home: [
        { id: 'x', photo: 'a.png' },
        { id: 'x', photo: 'b.png' },
      ],
    };
    const error = await refusal(site.push(rows, { home: [site.declare({ path: 'photo', url: 'url' })] }));
    expect(error.code).toBe('SOURCE_INVALID');
    expect(error.what).toContain(
      'home.id (id=x): "x" is a duplicate key: an earlier row has it, and they disagree: photo "a.png" there, "b.png" here; url "',
    );
    expect(site.stored()).toEqual([]);
  });

  test('every problem of one row is told, and a missing file is not also a missing URL', async () => {
    await using site = await openAssetSite(
      cloud,
      'problems',
      'CREATE TABLE home (id TEXT PRIMARY KEY, photo TEXT, photo_url TEXT NOT NULL, plan TEXT, plan_url TEXT NOT NULL)',
    );
    const columns = {
      home: [
        site.declare({ path: 'photo', url: 'photo_url' }),
        site.declare({ path: 'plan', url: 'plan_url' }),
      ],
    };
    const error = await refusal(
      site.push({ home: [{ id: 'a', photo: 'none.png', plan: 'neither.png' }] }, columns),
    );
    expect(error.code).toBe('ASSET_INVALID');
    expect(error.what).toMatch(
      /^the test has 2 problems:\n {2}home\.photo \(id=a\): none\.png is missing .*\n {2}home\.plan \(id=a\): neither\.png is missing .*$/,
    );
  });
});

describe('a file is its bytes', () => {
  const SCHEMA = 'CREATE TABLE home (id TEXT PRIMARY KEY, photo TEXT, url TEXT, pid TEXT)';
  const COLUMNS = { path: 'photo', url: 'url', publicId: 'pid' };

  test('equal files are uploaded once and shared', async () => {
    await using site = await openAssetSite(cloud, 'shared', SCHEMA);
    for (const name of ['one.png', 'two.png', 'deep/three.png']) await site.draw(name, '#123');
    const rows = {
      home: ['one.png', 'two.png', 'deep/three.png', 'one.png'].map((photo, id) => ({ id: `${id}`, photo })),
    };
    const { outcome } = await site.push(rows, { home: [site.declare(COLUMNS)] });
    expect(outcome).toMatchObject({ status: 'applied', uploads: { uploaded: 1 } });
    expect(site.stored()).toHaveLength(1);
    expect(await site.rows('SELECT count(DISTINCT url), count(url) FROM home')).toEqual([[1n, 4n]]);
  });

  test('of equal files the first row gives the name, whichever is ready first', async () => {
    await using site = await openAssetSite(
      cloud,
      'first',
      'CREATE TABLE home (id TEXT PRIMARY KEY, slow TEXT, fast TEXT, slow_url TEXT, fast_url TEXT)',
    );
    for (const name of ['slow.png', 'fast.png']) await site.draw(name, '#122');
    const columns = {
      // Nothing is made of it, but it takes its time.
      home: [
        site.declare({ path: 'slow', url: 'slow_url', optimise: {} }),
        site.declare({ path: 'fast', url: 'fast_url' }),
      ],
    };
    await site.push({ home: [{ id: 'a', slow: 'slow.png', fast: 'fast.png' }] }, columns);
    expect(site.stored().map(({ public_id }) => public_id)).toEqual([expect.stringMatching(/^first\/slow-/)]);
  });

  test('one that is only renamed uploads nothing and keeps its URL', async () => {
    await using site = await openAssetSite(cloud, 'renamed', SCHEMA);
    await site.draw('before.png', '#124');
    const columns = { home: [site.declare(COLUMNS)] };
    await site.push({ home: [{ id: 'a', photo: 'before.png' }] }, columns);
    const url = await site.rows('SELECT url, pid FROM home');
    const before = cloud.counters();
    site.rename('before.png', 'after.png');
    const { outcome } = await site.push({ home: [{ id: 'a', photo: 'after.png' }] }, columns);
    expect(outcome).toMatchObject({
      status: 'applied',
      uploads: { uploaded: 0 },
      plan: { uploads: [], tables: [{ updates: 1, changedColumns: [{ column: 'photo', rows: 1 }] }] },
    });
    expect(await site.rows('SELECT url, pid FROM home')).toEqual(url);
    expect(cloud.counters()).toEqual(before);
  });

  test('one that is changed gets a new public ID, and the old one stays as it was (P3)', async () => {
    await using site = await openAssetSite(cloud, 'changed', SCHEMA);
    await site.draw('kitchen.png', '#125');
    const columns = { home: [site.declare(COLUMNS)] };
    const rows = { home: [{ id: 'a', photo: 'kitchen.png' }] };
    await site.push(rows, columns);
    const [old] = site.stored();
    await site.draw('kitchen.png', '#126');
    await site.push(rows, columns);
    expect(site.stored()).toHaveLength(2);
    expect(site.stored()).toContainEqual(old);
    expect(await site.rows('SELECT pid FROM home')).toEqual([
      [site.stored().find(({ public_id }) => public_id !== old?.public_id)?.public_id],
    ]);
  });

  test('the URL is known before anything is uploaded', async () => {
    await using site = await openAssetSite(cloud, 'known', SCHEMA);
    await site.draw('kitchen.png', '#127');
    const rows = { home: [{ id: 'a', photo: 'kitchen.png' }] };
    const columns = { home: [site.declare(COLUMNS)] };
    const account = {
      cloudName: cloud.cloudName,
      apiKey: 'none',
      apiSecret: 'none',
      apiBase: 'http://127.0.0.1:9',
      deliveryBase: cloud.url,
    };
    // Nobody answers there, so nobody was asked.
    const { outcome } = await pushTo(site, rows, {
      dryRun: true,
      assetStore: openCloudinaryStore(account, 'known'),
      assetColumns: columns,
    });
    const planned = outcome.status === 'planned' ? outcome.plan.uploads[0]?.publicId : undefined;
    await site.push(rows, columns);
    expect(site.stored().map(({ public_id }) => public_id)).toEqual([planned]);
  });

  test.each([
    '😀.png',
    'a b.png',
    'שלום.png',
    `${'x'.repeat(200)}.png`,
    'a.b..c.png',
    "?&#%+<>'.png",
    '.png',
    'a\\b.png',
  ])('called %j it is stored, and its URL answers with its bytes', async (name) => {
    await using site = await openAssetSite(cloud, 'names', SCHEMA);
    const bytes = await site.draw(name, '#128', { width: 9, height: name.length });
    await site.push({ home: [{ id: 'a', photo: name }] }, { home: [site.declare(COLUMNS)] });
    const [[url, photo] = []] = await site.rows('SELECT url, photo FROM home');
    expect(photo).toBe(name);
    expect(Buffer.from(await (await fetch(String(url))).arrayBuffer())).toEqual(bytes);
  });
});
