import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { md5, post, toForm, upload } from '../testing/client.ts';
import { png } from '../testing/png.ts';
import { type CloudinaryEmulator, startCloudinary } from './emulator.ts';

describe('too many uploads at once', () => {
  const burst = (emulator: CloudinaryEmulator, bytes = png()) =>
    Promise.all(Array.from({ length: 12 }, (_, i) => upload(emulator, { public_id: `u${i}` }, bytes)));

  test.each([
    [420, 'after-body'],
    [429, 'after-body'],
    [420, 'before-body'],
    [429, 'before-body'],
  ] as const)('are turned away with %i, %s', async (throttleStatus, throttleWhen) => {
    await using emulator = await startCloudinary({
      uploadConcurrency: 4,
      throttleStatus,
      throttleWhen,
    });
    emulator.faults.set({ kind: 'latency', ms: 150, route: 'upload' });
    const answers = await burst(emulator);
    const refused = answers.filter(({ status }) => status === throttleStatus);
    expect(refused).toHaveLength(8);
    expect(refused[0]?.message).toMatch(/Rate Limit/);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(emulator.counters()).toMatchObject({
      maxConcurrentUploads: 4,
      throttled: 8,
      uploads: 4,
      uploadRequests: 12,
    });
    expect((await upload(emulator, { public_id: 'later' }, png())).status).toBe(200);
  });
});

describe('what is kept', () => {
  test('a given folder keeps assets and bytes over a restart on the same port', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'local-cloud-test-'));
    try {
      const first = await startCloudinary({ dataDir });
      await upload(first, { public_id: 'kept', tags: 't' }, png('1'));
      await upload(first, { public_id: 'kept' }, png('2'));
      await upload(first, { public_id: 'gone' }, png());
      await post(first, 'image/destroy', toForm({ public_id: 'gone' }));
      await post(first, 'image/rename', toForm({ from_public_id: 'kept', to_public_id: 'renamed' }));
      await first.stop();
      writeFileSync(join(dataDir, 'objects', 'stray'), 'x');
      const journal = join(dataDir, 'assets.jsonl');
      writeFileSync(journal, `${readFileSync(journal, 'utf8')}{"put":{"publicId":"torn`);

      await using second = await startCloudinary({ dataDir, port: first.port });
      expect(second.assets()).toEqual([{ ...first.assets()[0], public_id: 'renamed', etag: md5(png('2')) }]);
      const bytes = await (await fetch(second.assets()[0]?.url ?? '')).arrayBuffer();
      expect(md5(new Uint8Array(bytes))).toBe(md5(png('2')));
      expect(existsSync(join(dataDir, 'objects', 'stray'))).toBe(false);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });

  test('without one nothing is; stopping twice is fine', async () => {
    const emulator = await startCloudinary();
    await upload(emulator, {}, png());
    await emulator.stop();
    await emulator.stop();
    expect(existsSync(emulator.dataDir)).toBe(false);
    await expect(fetch(emulator.url)).rejects.toThrow();
  });
});

test('options that make no sense are all named', async () => {
  const options = { cloudName: 'a b', apiSecret: 'a@b', uploadConcurrency: 0, latencyMs: -1 };
  await expect(startCloudinary(options)).rejects.toThrow(
    /cloudName.*apiSecret.*uploadConcurrency.*latencyMs/s,
  );
});

test('a port that is taken is an error', async () => {
  await using first = await startCloudinary();
  await expect(startCloudinary({ port: first.port })).rejects.toThrow(`Port ${first.port} is taken`);
});

test('latencyMs delays every answer', async () => {
  await using emulator = await startCloudinary({ latencyMs: 80 });
  const start = performance.now();
  await upload(emulator, {}, png());
  expect(performance.now() - start).toBeGreaterThan(75);
});
