/** The whole way with a bucket: the example site's seed, from its files to URLs that answer. */
import { startSqld } from 'local-cloud';
import { describe, expect, test } from 'vitest';
import { closingQuery, FINAL_STATE } from '../support/closing-query.ts';
import { startReverseProxy } from '../support/reverse-proxy.ts';
import { hasS3Server, startS3Server } from '../support/s3-server.ts';
import { makeSite } from '../support/site.ts';

const FORCE_REMOTE = 'db execute db/seed.ts --remote --force';

const suite = hasS3Server ? describe : describe.skip;

suite('a site whose images are in a bucket', () => {
  test('is pushed, proved, pushed again without a single request to the bucket, and its URLs answer', async () => {
    await using server = await startSqld();
    await using s3 = await startS3Server();
    await using gateway = await startReverseProxy(s3.bucket.endpoint, () => 'pass');
    const env = {
      ASTRO_DB_REMOTE_URL: server.url,
      ASTRO_DB_APP_TOKEN: server.token,
      AWS_ACCESS_KEY_ID: s3.bucket.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.bucket.secretAccessKey,
      S3_ENDPOINT: gateway.url,
    };
    await using site = await makeSite({
      env,
      edits: {
        'db/seed.ts': { "store: 'cloudinary'": `store: 's3',\n    s3: { bucket: '${s3.bucket.bucket}' }` },
      },
      files: {
        'db/scripts/test-s3.ts': `import { s3Check } from 'overseed/astro';\nexport default s3Check({ bucket: 'media', prefix: 'real-estate' });\n`,
      },
    });
    expect(await site.astro('db push --remote')).toMatchObject({ exitCode: 0 });
    const check = await site.astro('db execute db/scripts/test-s3.ts');
    expect(check).toMatchObject({ exitCode: 0, stderr: '' });
    for (const step of ['credentials', 'upload', 'fetch back', 'remove'])
      expect(check.stdout).toContain(step);

    expect(await site.astro(FORCE_REMOTE)).toMatchObject({ exitCode: 0, stderr: '' });
    const rows = await closingQuery(server);
    expect(rows).toEqual(FINAL_STATE);

    const before = gateway.requests.length;
    const again = await site.astro(FORCE_REMOTE);
    expect(again.stdout).toContain('Nothing to do');
    expect(gateway.requests.length).toBe(before);

    const state = await site.astro('db execute db/scripts/verify-state.ts --remote');
    expect(state).toMatchObject({ exitCode: 0, stderr: '' });
    // Each image was asked for at the address that its row says.
    const asked = gateway.requests.slice(before).filter(({ method }) => method === 'HEAD');
    expect(new Set(asked.map(({ path }) => path)).size).toBe(180);
  }, 180_000);

  test('a wrong secret is one clear message, and the target is untouched', async () => {
    await using server = await startSqld();
    await using s3 = await startS3Server();
    await using site = await makeSite({
      env: {
        ASTRO_DB_REMOTE_URL: server.url,
        ASTRO_DB_APP_TOKEN: server.token,
        AWS_ACCESS_KEY_ID: s3.bucket.accessKeyId,
        AWS_SECRET_ACCESS_KEY: 'quite-wr0ng',
      },
      edits: {
        'db/seed.ts': {
          "store: 'cloudinary'": `store: 's3',\n    s3: { bucket: '${s3.bucket.bucket}', endpoint: '${s3.bucket.endpoint}' }`,
        },
      },
    });
    await site.astro('db push --remote');
    const result = await site.astro(FORCE_REMOTE);
    expect(result.exitCode).toBe(1);
    expect(result.stdout + result.stderr).toContain('AWS_SECRET_ACCESS_KEY');
    expect(result.stdout + result.stderr).toContain('The target is as it was.');
  }, 120_000);
});
