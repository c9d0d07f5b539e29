/** Prune removes what nobody needs, all of it in the end, and never anything else. */
import { describe, expect, test } from 'vitest';
import type { AssetStore } from '../../packages/overseed/src/assets/asset-store.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import { planPrune } from '../../packages/overseed/src/prune.ts';
import { fileTarget } from '../support/engine.ts';
import { gallery, type MediaBench, mediaBench, PICTURES, storedIds } from '../support/media.ts';

const never = new AbortController().signal;

/** Pushes `count` pictures, then none of them. */
async function orphans(bench: MediaBench, count: number): Promise<void> {
  await bench.paint(...(Object.values(gallery(count)) as string[]));
  await bench.push(gallery(count));
  await bench.push({ 1: null });
}

describe.concurrent('prune', () => {
  test('removes what no row has used for the grace period, after it has said how much that is', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png', 'c.png');
    await bench.push({ 1: 'a.png', 2: 'b.png', 3: 'c.png' });
    await bench.push({ 1: 'a.png', 2: 'b.png' });
    await bench.age(5);
    await bench.push({ 1: 'a.png' });
    await bench.age(3);
    const [a, b, c] = bench.cloudinary.assets();
    const { outcome, events } = await bench.prune();
    const plan = {
      remove: { files: 1, bytes: c?.bytes, examples: [c?.public_id] },
      waiting: { files: 1, bytes: b?.bytes },
      used: { files: 1, bytes: a?.bytes },
      keptByBackups: { files: 0, bytes: 0 },
    };
    expect(outcome).toMatchObject({ status: 'pruned', plan, removed: { files: 1, bytes: c?.bytes } });
    const days = (outcome.plan.waiting.nextInMs ?? 0) / 86_400_000;
    expect(days).toBeGreaterThan(3.99);
    expect(days).toBeLessThanOrEqual(4);
    expect(events.map(({ kind }) => kind).indexOf('prune-planned')).toBeLessThan(
      events.findIndex((event) => event.kind === 'stage-started' && event.stage === 'prune'),
    );
    expect(storedIds(bench)).toEqual([a?.public_id, b?.public_id]);
    expect((await bench.ledger()).map(({ publicId }) => publicId)).toEqual(storedIds(bench));
    expect((await bench.prune()).outcome.status).toBe('nothing');
    await bench.age(5);
    expect((await bench.prune()).outcome).toMatchObject({ status: 'pruned', removed: { files: 1 } });
    expect(storedIds(bench)).toEqual([a?.public_id]);
  });

  test('the plan alone changes nothing, not even the books', async () => {
    await using bench = await mediaBench();
    await orphans(bench, 3);
    const before = {
      ledger: await bench.ledger(),
      fence: await bench.target.rows('SELECT * FROM _overseed_lease'),
    };
    await using target = bench.target.open();
    const scope = { targets: [target], assetStore: bench.store(), backups: bench.backups, graceMs: 0 };
    const plan = await planPrune(scope, startRun({ signal: never, emit: () => undefined }));
    expect(plan.remove.files).toBe(3);
    expect(storedIds(bench)).toHaveLength(3);
    expect({
      ledger: await bench.ledger(),
      fence: await bench.target.rows('SELECT * FROM _overseed_lease'),
    }).toEqual(before);
  });

  test('keeps what a backup on this machine needs, for as long as there is the backup', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png', 'c.png');
    const backups = { parts: { backups: bench.backups } };
    await bench.push({ 1: 'a.png' }, backups);
    await bench.push({ 1: 'b.png' }, backups);
    await bench.push({ 1: 'c.png' }, { parts: { ...backups.parts, retention: { keep: 1 } } });
    const { outcome } = await bench.prune({ graceMs: 0 });
    // The newest backup has b.png; the one with a.png was thinned out.
    expect(outcome).toMatchObject({
      plan: { backups: 1, keptByBackups: { files: 1 } },
      removed: { files: 1 },
    });
    expect(storedIds(bench).map((id) => id.slice(0, 6))).toEqual(['site/b', 'site/c']);
  });

  test('keeps what any row mentions, in whatever table, column, URL or text', async () => {
    await using bench = await mediaBench();
    await orphans(bench, 6);
    const [post, json, blob, fts, odd, none] = bench.cloudinary.assets();
    await bench.target.run(
      'CREATE TABLE posts (body TEXT, extra, "odd "" name" TEXT)',
      'CREATE VIRTUAL TABLE notes USING fts5(body)',
      {
        sql: 'INSERT INTO posts VALUES (?, ?, NULL)',
        args: [
          `![](https://cdn.example/f_auto,q_auto/w_300/${post?.public_id}.webp?x=1)`,
          JSON.stringify([json?.public_id]),
        ],
      },
      {
        sql: 'INSERT INTO posts VALUES (NULL, ?, NULL)',
        args: [Buffer.from(`\0\x01${blob?.public_id}\xff`, 'latin1')],
      },
      { sql: `INSERT INTO posts VALUES (NULL, NULL, 'x' || char(0) || ?)`, args: [odd?.url ?? ''] },
      { sql: 'INSERT INTO notes VALUES (?)', args: [`a note about ${fts?.url}`] },
    );
    const { outcome } = await bench.prune({ graceMs: 0 });
    expect(outcome).toMatchObject({ plan: { used: { files: 5 } }, removed: { files: 1 } });
    expect(storedIds(bench)).not.toContain(none?.public_id);
  });

  test('never touches what is not in the ledger, wherever it lies', async () => {
    await using bench = await mediaBench();
    await orphans(bench, 2);
    const { apiKey, apiSecret, url, cloudName } = bench.cloudinary;
    for (const id of ['site/manual-0123456789abcdef0123', 'elsewhere', 'site/p1-manual']) {
      const body = new FormData();
      body.set('public_id', id);
      body.set('file', new Blob([new TextEncoder().encode('<svg/>')]), 'x.svg');
      const answer = await fetch(`${url}/v1_1/${cloudName}/raw/upload`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${apiKey}:${apiSecret}`)}` },
        body,
      });
      expect(answer.ok).toBe(true);
    }
    await bench.prune({ graceMs: 0 });
    expect(storedIds(bench)).toHaveLength(3);
  });

  test('leaves what lies under another prefix of the store, and says so', async () => {
    await using bench = await mediaBench();
    await orphans(bench, 2);
    await using other = await mediaBench({ prefix: 'other' });
    const { outcome } = await bench.prune({ graceMs: 0, store: other.store({ ...bench.cloudinary }) });
    expect(outcome).toMatchObject({
      status: 'nothing',
      plan: { elsewhere: { files: 2 }, remove: { files: 0 } },
    });
    expect(storedIds(bench)).toHaveLength(2);
  });

  test('says which other stores the ledger names', async () => {
    await using bench = await mediaBench();
    await orphans(bench, 2);
    const elsewhere = { ...bench.store(), name: 's3:bucket' };
    const { outcome, events } = await bench.prune({ graceMs: 0, store: elsewhere });
    expect(outcome.status).toBe('nothing');
    expect(events.filter(({ kind }) => kind === 'warning')).toMatchObject([
      { message: /also names 2 images in cloudinary:demo/ },
    ]);
    expect(storedIds(bench)).toHaveLength(2);
  });

  test('starts the clock itself when somebody else has changed the rows', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png');
    await bench.push({ 1: 'a.png', 2: 'b.png' });
    await bench.age(30);
    await bench.target.run('DELETE FROM pictures WHERE id=2');
    expect((await bench.prune()).outcome).toMatchObject({
      status: 'nothing',
      plan: { waiting: { files: 1 } },
    });
    expect(await bench.ledger()).toMatchObject([{ unused: false }, { unused: true }]);
    await bench.age(8);
    // Somebody takes it up again, past us: the clock stops.
    const row = (await bench.ledger())[1]?.publicId ?? '';
    await bench.target.run({ sql: 'INSERT INTO pictures (id, public_id) VALUES (9, ?)', args: [row] });
    expect((await bench.prune()).outcome.status).toBe('nothing');
    expect(await bench.ledger()).toMatchObject([{ unused: false }, { unused: false }]);
    await bench.target.run('DELETE FROM pictures WHERE id=9');
    expect((await bench.prune()).outcome).toMatchObject({
      status: 'nothing',
      plan: { waiting: { files: 1 } },
    });
    await bench.age(8);
    expect((await bench.prune()).outcome).toMatchObject({ status: 'pruned', removed: { files: 1 } });
  });

  test('waits for nobody: while a push holds the lease it ends, and nothing is removed', async () => {
    await using bench = await mediaBench({ target: 'remote' });
    await orphans(bench, 2);
    await bench.target.run(
      `UPDATE _overseed_lease SET owner='somebody', expires=CAST((julianday('now')-2440587.5)*86400000 AS INTEGER)+60000`,
    );
    await expect(bench.prune({ graceMs: 0 })).rejects.toMatchObject({ code: 'LEASE_HELD' });
    expect(storedIds(bench)).toHaveLength(2);
  });

  test('what an interrupted prune has removed, nobody counts on any more', async () => {
    await using bench = await mediaBench();
    await orphans(bench, 3);
    const real = bench.store();
    const dies: AssetStore = {
      ...real,
      async remove(assets, signal) {
        await real.remove(assets, signal);
        throw new Error('the power went');
      },
    };
    await expect(bench.prune({ graceMs: 0, store: dies })).rejects.toThrow('the power went');
    expect(storedIds(bench)).toEqual([]);
    expect((await bench.ledger()).every(({ stored }) => !stored)).toBe(true);
    const { outcome } = await bench.push(gallery(3));
    expect(outcome).toMatchObject({ status: 'applied', uploads: { uploaded: 3 } });
    expect(storedIds(bench)).toHaveLength(3);
  });

  test('when the store wants a long pause, goes on afterwards; meanwhile others may push', async () => {
    await using bench = await mediaBench();
    await orphans(bench, 4);
    await bench.paint('new.png');
    const until = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 13_000)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ');
    const id = bench.cloudinary.faults.set({
      kind: 'status',
      status: 420,
      route: 'upload',
      message: `Rate Limit Exceeded. Limit of 10 api operations reached. Try again on ${until} UTC`,
    });
    const pruning = bench.prune({ graceMs: 0 });
    await expect.poll(() => bench.cloudinary.faults.list()[0]?.hits, { timeout: 8_000 }).toBeGreaterThan(0);
    bench.cloudinary.faults.clear(id);
    await expect
      .poll(() => bench.target.rows('SELECT owner FROM _overseed_lease'), { timeout: 8_000 })
      .toEqual([[null]]);
    // One of those that were to be removed is wanted again, before the store may be asked.
    await bench.push({ 1: 'p1.png', 2: 'new.png' });
    const { outcome, events } = await pruning;
    expect(events.filter(({ kind }) => kind === 'store-waiting')).toMatchObject([{ reason: /Try again on/ }]);
    expect(outcome).toMatchObject({ status: 'pruned', removed: { files: 3 } });
    expect(storedIds(bench).map((publicId) => publicId.slice(0, 8))).toEqual(['site/new', 'site/p1-']);
  });

  test('names every file that the store did not remove, and tries it again next time', async () => {
    await using bench = await mediaBench();
    await orphans(bench, 5);
    bench.cloudinary.faults.set({ kind: 'refuse', route: 'upload', match: /p[24]-/, message: 'Locked' });
    const error = await bench.prune({ graceMs: 0 }).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'ASSETS_FAILED' });
    expect((error as Error).message).toMatch(
      /2 of 5 files:\n {2}site\/p2-\w+: Locked\n {2}site\/p4-\w+: Locked/,
    );
    expect(storedIds(bench)).toHaveLength(2);
    bench.cloudinary.faults.clear();
    expect((await bench.prune({ graceMs: 0 })).outcome).toMatchObject({ removed: { files: 2 } });
  });

  test('clears the copies on the CDN', async () => {
    await using bench = await mediaBench({ cloudinary: { cdn: true } });
    await bench.paint('a.png');
    await bench.push({ 1: 'a.png' });
    const url = String((await bench.target.rows('SELECT url FROM pictures'))[0]?.[0]);
    expect((await fetch(url)).status).toBe(200);
    await bench.push({ 1: null });
    await bench.prune({ graceMs: 0 });
    expect((await fetch(url)).status).toBe(404);
  });

  test('with another target that shares the store: what its rows use stays, what goes leaves both ledgers', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png', 'c.png');
    await using staging = await fileTarget();
    await staging.run(PICTURES);
    await bench.push({ 1: 'a.png', 2: 'b.png', 3: 'c.png' });
    await using opened = staging.open();
    await bench.push({}, { parts: { ...bench.parts({ 1: 'b.png', 2: 'c.png' }, opened), target: opened } });
    await bench.push({ 1: 'a.png' });
    await bench.push({}, { parts: { ...bench.parts({ 1: 'b.png' }, opened), target: opened } });
    const { outcome } = await bench.prune({ graceMs: 0, others: [opened] });
    expect(outcome).toMatchObject({ plan: { used: { files: 2 } }, removed: { files: 1 } });
    expect(storedIds(bench).map((id) => id.slice(0, 7))).toEqual(['site/a-', 'site/b-']);
    expect(await staging.rows('SELECT count(*) FROM _overseed_assets')).toEqual([[1n]]);
    expect(await bench.ledger()).toHaveLength(2);
  });

  test('many leave in large groups, within the Admin calls of the hour', async () => {
    await using bench = await mediaBench({ cloudinary: { adminPerHour: 8, uploadConcurrency: 30 } });
    await orphans(bench, 1_100);
    const before = bench.cloudinary.counters();
    const { outcome } = await bench.prune({ graceMs: 0 });
    expect(outcome).toMatchObject({ removed: { files: 1_100 } });
    expect(bench.cloudinary.counters().adminCalls - before.adminCalls).toBeLessThanOrEqual(3);
    expect(storedIds(bench)).toEqual([]);
    expect(await bench.ledger()).toEqual([]);
  });
});
