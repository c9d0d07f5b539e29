/** The ledger on the target: what it holds, when it is written, and that nobody asks the store for what it knows. */
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { gallery, mediaBench, storedIds } from '../support/media.ts';
import { removePicture } from '../support/older-site.ts';

describe.concurrent('the ledger', () => {
  test('names each image with hash, public ID, ETag, size and runs', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png');
    const { run } = await bench.push({ 1: 'a.png', 2: 'b.png', 3: null });
    const assets = bench.cloudinary.assets();
    expect(
      await bench.target.rows(
        'SELECT store, public_id, etag, bytes, width, height, format FROM _overseed_assets ORDER BY public_id',
      ),
    ).toEqual(
      assets.map(({ public_id, etag, bytes }) => [
        'cloudinary:demo',
        public_id,
        etag,
        BigInt(bytes),
        4n,
        4n,
        'png',
      ]),
    );
    expect(await bench.ledger()).toMatchObject(
      assets.map(() => ({ stored: true, unused: false, firstRun: run.id, lastRun: run.id })),
    );
  });

  test('P8: an unchanged push writes nothing and asks the store nothing', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png');
    await bench.push({ 1: 'a.png', 2: 'b.png' });
    const before = { ledger: await bench.ledger(), counters: bench.cloudinary.counters() };
    const { outcome } = await bench.push({ 1: 'a.png', 2: 'b.png' });
    expect(outcome.status).toBe('unchanged');
    expect({ ledger: await bench.ledger(), counters: bench.cloudinary.counters() }).toEqual(before);
  });

  test('P8: changed rows around known images write nothing into it and ask the store nothing', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png');
    await bench.push({ 1: 'a.png', 2: 'b.png' });
    const before = { ledger: await bench.ledger(), counters: bench.cloudinary.counters() };
    const { outcome } = await bench.push({ 1: 'a.png', 2: 'b.png' }, { titles: 'Photo' });
    expect(outcome.status).toBe('applied');
    expect({ ledger: await bench.ledger(), counters: bench.cloudinary.counters() }).toEqual(before);
  });

  test('starts the clock of an image that rows let go, and stops it when they take it up again', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png');
    const first = await bench.push({ 1: 'a.png', 2: 'b.png' });
    const second = await bench.push({ 1: 'a.png' });
    expect(await bench.ledger()).toMatchObject([
      { unused: false, lastRun: first.run.id },
      { unused: true, stored: true, firstRun: first.run.id, lastRun: second.run.id },
    ]);
    const { uploadRequests, adminCalls } = bench.cloudinary.counters();
    const third = await bench.push({ 1: 'a.png', 5: 'b.png' });
    expect(third.outcome).toMatchObject({ plan: { uploads: [], reusedAssets: 2 } });
    expect(await bench.ledger()).toMatchObject([
      { unused: false, lastRun: first.run.id },
      { unused: false, stored: true, firstRun: first.run.id, lastRun: third.run.id },
    ]);
    expect(bench.cloudinary.counters()).toMatchObject({ uploadRequests, adminCalls });
  });

  test('keeps an image in use for as long as one row has it', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png');
    await bench.push({ 1: 'a.png', 2: 'a.png' });
    await bench.push({ 1: 'a.png' });
    expect(await bench.ledger()).toMatchObject([{ unused: false }]);
    await bench.push({ 1: null });
    expect(await bench.ledger()).toMatchObject([{ unused: true }]);
  });

  test('a renamed file keeps its public ID, a changed one gets another', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png');
    await bench.push({ 1: 'a.png' });
    const [before] = storedIds(bench);
    await rename(path.join(bench.images, 'a.png'), path.join(bench.images, 'z.png'));
    const { outcome } = await bench.push({ 1: 'z.png' });
    expect(outcome).toMatchObject({ status: 'applied', plan: { uploads: [] } });
    expect(await bench.target.rows('SELECT public_id FROM pictures')).toEqual([[before]]);
    await bench.paint('z.png');
    await bench.push({ 1: 'z.png' });
    expect(storedIds(bench)).toHaveLength(2);
    expect(await bench.ledger()).toMatchObject([
      { publicId: before, unused: true },
      { publicId: expect.stringMatching(/^site\/z-[0-9a-f]{20}$/), unused: false },
    ]);
  });

  test('of version 1 is brought up to date, and what it names is not stored again', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png', 'c.png');
    await bench.push({ 1: 'a.png', 2: 'b.png' });
    await bench.target.run(
      'CREATE TABLE older AS SELECT * FROM _overseed_assets',
      'DROP TABLE _overseed_assets',
      `CREATE TABLE _overseed_assets (
        hash TEXT NOT NULL, store TEXT NOT NULL, public_id TEXT NOT NULL, etag TEXT NOT NULL, bytes INTEGER NOT NULL,
        width INTEGER NOT NULL, height INTEGER NOT NULL, format TEXT NOT NULL, run TEXT NOT NULL,
        PRIMARY KEY (hash, store)) WITHOUT ROWID`,
      `INSERT INTO _overseed_assets SELECT hash, store, public_id, etag, bytes, width, height, format, 'old run' FROM older`,
      'DROP TABLE older',
    );
    const uploads = () => bench.cloudinary.counters().uploadRequests;
    const before = uploads();
    expect((await bench.push({ 1: 'a.png', 2: 'b.png' })).outcome.status).toBe('unchanged');
    expect(await bench.target.rows("SELECT count(*) FROM pragma_table_info('_overseed_assets')")).toEqual([
      [9n],
    ]);
    const { run } = await bench.push({ 1: 'a.png', 3: 'c.png' });
    expect(uploads()).toBe(before + 1);
    expect(await bench.ledger()).toMatchObject([
      { stored: true, unused: false, firstRun: 'old run', lastRun: 'old run' },
      { stored: true, unused: true, firstRun: 'old run', lastRun: run.id },
      { stored: true, unused: false, firstRun: run.id, lastRun: run.id },
    ]);
  });

  test('of a newer version is refused before anything happens', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png');
    await bench.target.run('CREATE TABLE _overseed_assets (everything TEXT)');
    await expect(bench.push({ 1: 'a.png' })).rejects.toMatchObject({
      code: 'SCHEMA_UNSUPPORTED',
      message: expect.stringContaining('newer Overseed'),
    });
    expect(bench.cloudinary.counters().uploadRequests).toBe(0);
  });

  test('--recheck-assets asks for a hundred at a time and puts back what is gone', async () => {
    await using bench = await mediaBench({ target: 'remote' });
    const all = gallery(230);
    await bench.paint(...(Object.values(all) as string[]));
    await bench.push(all);
    const ids = storedIds(bench);
    const lost = [ids[3], ids[120], ids[229]].map(String);
    for (const id of lost) await removePicture({ cloudinary: bench.cloudinary } as never, id);
    const before = bench.cloudinary.counters();
    expect((await bench.push(all)).outcome.status).toBe('unchanged');
    expect(bench.cloudinary.counters()).toEqual(before);
    const { outcome } = await bench.push(all, { parts: { recheckAssets: true } });
    expect(outcome).toMatchObject({
      status: 'applied',
      uploads: { uploaded: 3 },
      plan: { reusedAssets: 227 },
    });
    expect(storedIds(bench)).toEqual(ids);
    // Three questions for the images; what the plan allows is asked for the plan, and again before the upload.
    expect(bench.cloudinary.counters().adminCalls - before.adminCalls).toBe(3 + 2);
    expect(await bench.ledger()).toHaveLength(230);
    expect((await bench.ledger()).every(({ stored, unused }) => stored && !unused)).toBe(true);
  });

  test('an image that another run removed while this one was preparing is stored again', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png');
    await bench.push({ 1: 'a.png', 2: 'b.png' });
    await bench.push({ 1: 'a.png' });
    const parts = bench.parts({ 1: 'a.png', 2: 'b.png' }, bench.target.open());
    const [table] = parts.source.tables;
    if (!table) throw new Error('There is one table');
    let pruned = 0;
    const slow = {
      ...table,
      async *rows() {
        // The ledger has been read by now, and it names both.
        pruned += (await bench.prune({ graceMs: 0 })).outcome.plan.remove.files;
        yield* table.rows();
      },
    };
    await bench.push({}, { parts: { ...parts, source: { ...parts.source, tables: [slow] } } });
    await parts.target[Symbol.asyncDispose]();
    expect(pruned).toBe(1);
    expect(storedIds(bench)).toHaveLength(2);
    expect(await bench.target.rows('SELECT count(*) FROM pictures WHERE done=1')).toEqual([[2n]]);
    for (const [url] of await bench.target.rows('SELECT url FROM pictures')) {
      expect((await fetch(String(url))).status).toBe(200);
    }
  });

  test('when another run names the same files differently meanwhile, nothing happens, and running again takes its names', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png');
    await bench.push({ 1: 'b.png' });
    await copyFile(path.join(bench.images, 'a.png'), path.join(bench.images, 'z.png'));
    const parts = bench.parts({ 1: 'a.png' }, bench.target.open());
    const [table] = parts.source.tables;
    if (!table) throw new Error('There is one table');
    const slow = {
      ...table,
      async *rows() {
        await bench.push({ 1: 'b.png', 2: 'z.png' });
        yield* table.rows();
      },
    };
    const late = bench.push({}, { parts: { ...parts, source: { ...parts.source, tables: [slow] } } });
    await expect(late).rejects.toMatchObject({ code: 'TARGET_MOVED', state: 'old' });
    await parts.target[Symbol.asyncDispose]();
    expect(storedIds(bench).map((id) => id.slice(0, 7))).toEqual(['site/b-', 'site/z-']);
    expect(await bench.target.rows('SELECT count(*) FROM pictures')).toEqual([[2n]]);
    await bench.push({ 1: 'a.png' });
    expect(await bench.target.rows('SELECT image, public_id FROM pictures')).toEqual([
      ['a.png', storedIds(bench)[1]],
    ]);
  });
});

test('equal bytes under two names are one image', async () => {
  await using bench = await mediaBench();
  await bench.paint('a.png');
  await writeFile(path.join(bench.images, 'copy.png'), await readFile(path.join(bench.images, 'a.png')));
  await bench.push({ 1: 'a.png', 2: 'copy.png' });
  expect(await bench.ledger()).toHaveLength(1);
  expect(bench.cloudinary.counters().uploadRequests).toBe(1);
});
