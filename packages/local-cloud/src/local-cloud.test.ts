import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startLocalCloud } from './local-cloud.ts';
import { upload } from './testing/client.ts';
import { png } from './testing/png.ts';

test('the environment points at both halves', async () => {
  await using cloud = await startLocalCloud({ cloudinary: { cloudName: 'mine' } });
  const { env, database, cloudinary } = cloud;
  expect(env).toMatchObject({
    ASTRO_DB_REMOTE_URL: database.url,
    TURSO_AUTH_TOKEN: database.token,
    CLOUDINARY_CLOUD_NAME: 'mine',
    CLOUDINARY_UPLOAD_PREFIX: cloudinary.url,
  });
  const url = new URL(env.CLOUDINARY_URL ?? '');
  expect([url.username, url.password, url.host]).toEqual([cloudinary.apiKey, cloudinary.apiSecret, 'mine']);
  expect(url.searchParams.get('upload_prefix')).toBe(cloudinary.url);
});

test('a kept folder gives the same URLs, keys and still valid tokens; its images are still there', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'local-cloud-test-'));
  try {
    const first = await startLocalCloud({ dataDir });
    await upload(first.cloudinary, { public_id: 'kept' }, png());
    await first.stop();
    await using second = await startLocalCloud({ dataDir });
    expect(second.database.url).toBe(first.database.url);
    expect(second.cloudinary.cloudinaryUrl).toBe(first.cloudinary.cloudinaryUrl);
    expect((await fetch(first.cloudinary.assets()[0]?.url ?? '')).status).toBe(200);
    const answer = await fetch(`${second.database.url}/v3/pipeline`, {
      method: 'POST',
      headers: { authorization: `Bearer ${first.database.token}` },
      body: JSON.stringify({ requests: [] }),
    });
    expect(answer.status).toBe(200);
    await expect(startLocalCloud({ dataDir })).rejects.toThrow(/taken/);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

test('when the database cannot start, the media emulator is stopped too', async () => {
  const database = { extraArgs: ['--no-such-flag'] };
  await using other = await startLocalCloud();
  const port = other.cloudinary.port;
  await other.stop();
  await expect(startLocalCloud({ database, cloudinary: { port } })).rejects.toThrow(/no-such-flag/);
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
});
