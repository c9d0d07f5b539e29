/** Files that rows name by a web address, and files that are uploaded outside of a push. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type CloudinaryEmulator, startCloudinary } from 'local-cloud';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import { uploadFiles } from '../../packages/overseed/src/upload/upload-files.ts';
import { openAssetSite, refusal } from '../support/asset-site.ts';

let cloud: CloudinaryEmulator;
let web: Server;
let origin: string;
let picture: Buffer;
let requests: IncomingMessage[];

beforeAll(async () => {
  cloud = await startCloudinary();
  web = createServer((request, response) => {
    requests.push(request);
    const etag = `"${createHash('md5').update(picture).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.setHeader('etag', etag).end(picture);
  });
  await new Promise<void>((listening) => web.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
});

afterAll(async () => {
  web.closeAllConnections();
  await new Promise((closed) => web.close(closed));
  await cloud.stop();
});

const draw = (background: string) =>
  sharp({ create: { width: 60, height: 40, channels: 3, background } })
    .png()
    .toBuffer();

beforeEach(async () => {
  picture = await draw('#357');
  requests = [];
});

test('a file from an allowed host is stored; unchanged it costs a question, changed it is another file', async () => {
  await using site = await openAssetSite(
    cloud,
    'remote',
    'CREATE TABLE home (id TEXT PRIMARY KEY, photo TEXT, url TEXT, pid TEXT, w INTEGER)',
  );
  const remote = { hosts: [new URL(origin).host], privateAddresses: 'allow' } as const;
  const columns = {
    home: [site.declare({ path: 'photo', url: 'url', publicId: 'pid', width: 'w', remote })],
  };
  const address = `${origin}/photos/kitchen.png?token=secret`;
  const rows = {
    home: [
      { id: 'a', photo: address },
      { id: 'b', photo: address },
    ],
  };
  const first = await site.push(rows, columns);
  expect(first.outcome).toMatchObject({ status: 'applied', uploads: { uploaded: 1 } });
  expect(requests).toHaveLength(1);
  const [stored] = site.stored();
  expect(stored?.public_id).toMatch(/^remote\/photos-kitchen-[0-9a-f]{20}$/);
  expect(await site.rows('SELECT photo, pid, w FROM home')).toEqual([
    [address, stored?.public_id, 60n],
    [address, stored?.public_id, 60n],
  ]);
  // What follows the question mark is the row's, and nobody else's.
  expect(JSON.stringify(first)).toContain(`${origin}/photos/kitchen.png`);
  expect(JSON.stringify(first)).not.toContain('token=secret');

  const before = cloud.counters();
  expect((await site.push(rows, columns)).outcome.status).toBe('unchanged');
  expect(requests).toHaveLength(2);
  expect(cloud.counters()).toEqual(before);

  picture = await draw('#753');
  expect((await site.push(rows, columns)).outcome).toMatchObject({
    status: 'applied',
    uploads: { uploaded: 1 },
  });
  expect(site.stored()).toHaveLength(2);
  expect(site.stored()).toContainEqual(stored);
});

test('files that are uploaded outside of a push are judged by the same rules', async () => {
  await using site = await openAssetSite(cloud, 'outside');
  await site.draw('good.png', '#375');
  writeFileSync(
    path.join(site.root, 'logo.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
  );
  const run = startRun({ signal: new AbortController().signal, emit: () => undefined });
  const paths = ['good.png', 'logo.svg', '../secret.png', `${origin}/a.png`, 'none.png'];
  const error = await refusal(uploadFiles(paths, site.root, site.store, run));
  expect(error.code).toBe('ASSET_INVALID');
  expect(error.what.split('\n')).toEqual([
    '4 of 5 files cannot be uploaded:',
    expect.stringContaining('logo.svg: is an SVG, which can carry scripts'),
    expect.stringContaining('../secret.png: leads out of'),
    expect.stringContaining('/a.png: is on the web, and no host is allowed'),
    expect.stringContaining('none.png: is missing'),
  ]);
  expect(site.stored()).toEqual([]);
  expect(requests).toEqual([]);
  const [uploaded] = await uploadFiles(['good.png'], site.root, site.store, run);
  expect(site.stored()).toMatchObject([{ public_id: uploaded?.publicId }]);
});
