/** What the folder store does beyond the contract: links, leftovers, empty folders, full disks, kills. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withEtag } from '../../packages/overseed/src/assets/etag.ts';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { measureFile } from '../../packages/overseed/src/assets/measure-file.ts';
import { publicIdOf } from '../../packages/overseed/src/assets/public-id.ts';
import { type Asset, toPublicId } from '../../packages/overseed/src/model/asset.ts';
import { randomPicture } from '../../packages/overseed/src/util/random-picture.ts';

let home: string;
let count = 0;

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'overseed-test-'));
});
afterAll(() => rm(home, { recursive: true }));

const never = new AbortController().signal;
const openStore = (folder: string, prefix = '') =>
  openFolderStore({ folder, label: 'public/media', baseUrl: '/media', prefix });

async function newFolder(): Promise<string> {
  const folder = path.join(home, `media-${++count}`);
  await mkdir(folder);
  return folder;
}

async function newAsset(prefix = 'site', size = 10): Promise<Asset> {
  const name = `${++count}.png`;
  await writeFile(path.join(home, name), randomPicture({ width: size, height: size }));
  const measured = await measureFile(home, name);
  const publicId = publicIdOf(prefix, name, measured.hash);
  return withEtag({ ...measured, path: name, publicId }, never);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

describe('stays inside its folder', () => {
  test('a linked folder that leads out receives nothing, loses nothing, and is not listed', async () => {
    const folder = await newFolder();
    const outside = await newFolder();
    await symlink(outside, path.join(folder, 'site'));
    const store = openStore(folder);
    const asset = await newAsset();
    await expect(store.put(asset, never)).rejects.toThrow(/leads out of the folder/);
    expect(await readdir(outside)).toEqual([]);

    const name = `${path.basename(asset.publicId)}.png`;
    await writeFile(path.join(outside, name), 'somebody else’s');
    const { gone, failed } = await store.remove([asset], never);
    expect(gone).toEqual([]);
    expect(failed[0]?.error.message).toMatch(/leads out of the folder/);
    expect(await readdir(outside)).toEqual([name]);
    const pages = [];
    for await (const page of store.list(never)) pages.push(page);
    expect(pages).toEqual([]);
  });

  test('a deeper folder behind a link is not made', async () => {
    const folder = await newFolder();
    const outside = await newFolder();
    await symlink(outside, path.join(folder, 'site'));
    await expect(openStore(folder).put(await newAsset('site/blog/2026'), never)).rejects.toThrow(/leads out/);
    expect(await readdir(outside)).toEqual([]);
  });

  test('the folder itself may be a link', async () => {
    const real = await newFolder();
    const link = path.join(home, `link-${++count}`);
    await symlink(real, link);
    const store = openStore(link);
    const asset = await newAsset();
    expect(await store.put(asset, never)).toBe('stored');
    expect(await store.check(asset, 'bytes', never)).toBeUndefined();
    expect((await store.remove([asset], never)).gone).toEqual([asset]);
    expect(await readdir(real)).toEqual([]);
  });

  test.each(['../escape', 'site/../../escape', '/etc/escape', 'site/\0'])(
    '%j is no public ID',
    async (id) => {
      const store = openStore(await newFolder());
      const sly = { ...(await newAsset()), publicId: toPublicId(id) };
      await expect(store.put(sly, never)).rejects.toThrow();
      expect(await store.check(sly, 'headers', never)).toBeDefined();
      expect((await store.remove([sly], never)).gone).toEqual([]);
      expect(existsSync(path.join(home, 'escape.png'))).toBe(false);
    },
  );

  test('a link in the place of a file is no file: the link goes, what it pointed to stays', async () => {
    const folder = await newFolder();
    const asset = await newAsset();
    const target = path.join(home, `target-${++count}`);
    await writeFile(target, await readFile(asset.file));
    await mkdir(path.join(folder, 'site'));
    await symlink(target, path.join(folder, `${asset.publicId}.png`));
    const store = openStore(folder);
    expect(await store.findLost([asset], never)).toEqual([asset]);
    expect(await store.put(asset, never)).toBe('stored');
    await store.remove([asset], never);
    expect(await readFile(target)).toEqual(await readFile(asset.file));
  });
});

describe('leaves no litter', () => {
  test('folders that are empty after a removal go, others and the store’s own stay', async () => {
    const folder = await newFolder();
    const store = openStore(folder);
    const deep = await newAsset('site/a/b');
    const near = await newAsset('site');
    await store.put(deep, never);
    await store.put(near, never);
    await store.remove([deep], never);
    expect(await readdir(path.join(folder, 'site'))).toEqual([`${path.basename(near.publicId)}.png`]);
    await store.remove([near], never);
    expect(await readdir(folder)).toEqual([]);
  });

  test('what a dead run left is cleared away, what another is writing is not; neither is listed', async () => {
    const folder = await newFolder();
    const site = path.join(folder, 'site');
    await mkdir(site);
    const [dead, live] = ['.overseed-0000000000000000.part', '.overseed-1111111111111111.part'];
    for (const name of [dead, live]) await writeFile(path.join(site, name), 'half a pict');
    const twoHoursAgo = new Date(Date.now() - 7_200_000);
    await utimes(path.join(site, dead), twoHoursAgo, twoHoursAgo);
    const store = openStore(folder);
    const asset = await newAsset();
    await store.put(asset, never);
    expect(await readdir(site)).toEqual([live, `${path.basename(asset.publicId)}.png`]);
    const listed = [];
    for await (const page of store.list(never)) listed.push(...page);
    expect(listed.map(({ publicId }) => publicId)).toEqual([asset.publicId]);
  });

  test('an upload that fails leaves nothing', async () => {
    const folder = await newFolder();
    const asset = await newAsset();
    await rm(asset.file);
    await expect(openStore(folder).put(asset, never)).rejects.toThrow(/cannot be read any more/);
    expect(await filesBelow(folder)).toEqual([]);
  });

  test('a folder that is removed, empty, at the very moment a file comes is made again', async () => {
    const folder = await newFolder();
    const [one, other] = [openStore(folder), openStore(folder)];
    const assets = await Promise.all(Array.from({ length: 60 }, () => newAsset('site/deep')));
    const absent = await newAsset('site/deep');
    let busy = true;
    const removing = (async () => {
      while (busy) await other.remove([absent], never);
    })();
    for (const asset of assets) {
      expect(await one.put(asset, never)).toBe('stored');
      await one.remove([asset], never);
    }
    busy = false;
    await removing;
  });
});

describe('P2: killed while it writes', () => {
  test('a reader sees no file or the whole file, and the next run finishes', async () => {
    const folder = await newFolder();
    const asset = await newAsset('site', 1_500);
    const script = path.join(home, 'put.ts');
    await writeFile(
      script,
      `import { openFolderStore } from ${JSON.stringify(path.resolve('packages/overseed/src/assets/folder/open.ts'))};
       const store = openFolderStore({ folder: ${JSON.stringify(folder)}, label: 'm', baseUrl: '/m', prefix: '' });
       process.stdout.write('go');
       await store.put(${JSON.stringify(asset)}, new AbortController().signal);`,
    );
    for (const afterMs of [0, 1, 2, 4, 8, 16, 32]) {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script]);
      await once(child.stdout, 'data');
      await sleep(afterMs);
      child.kill('SIGKILL');
      await once(child, 'close');
      const store = openStore(folder);
      const found = await store.check(asset, 'bytes', never);
      expect([undefined, 'is missing']).toContain(found);
      await store.put(asset, never);
      expect(await store.check(asset, 'bytes', never)).toBeUndefined();
      await store.remove([asset], never);
    }
  });
});

/** A mount of our own needs Linux, and a kernel that lets us. */
const canMount =
  process.platform === 'linux' && spawnSync('unshare', ['--mount', '--map-root-user', 'true']).status === 0;

/** Runs `code`, which has `store`, `folder` and `assets`, on a file system of 256 KB, and returns what it prints. */
async function onSmallDisk(code: string, { readOnly = false } = {}): Promise<string> {
  const folder = await newFolder();
  const assets = [await newAsset('site', 10), await newAsset('site', 400)];
  const script = path.join(home, `disk-${++count}.ts`);
  await writeFile(
    script,
    `import { openFolderStore } from ${JSON.stringify(path.resolve('packages/overseed/src/assets/folder/open.ts'))};
     const folder = ${JSON.stringify(folder)};
     const store = openFolderStore({ folder, label: 'public/media', baseUrl: '/media', prefix: '' });
     const never = new AbortController().signal;
     const assets = ${JSON.stringify(assets)};
     ${code}`,
  );
  const mount = `mount -t tmpfs -o size=256k${readOnly ? ',ro' : ''} tmpfs "$1" && exec "$2" --disable-warning=ExperimentalWarning "$3"`;
  const args = ['--mount', '--map-root-user', 'sh', '-c', mount, 'sh', folder, process.execPath, script];
  const { stdout, stderr, status } = spawnSync('unshare', args, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.trim();
}

describe.skipIf(!canMount)('a disk that takes no more', () => {
  test('is called full, and what was there stays', async () => {
    const printed = await onSmallDisk(`
      import { readdir } from 'node:fs/promises';
      await store.put(assets[0], never);
      await store.put(assets[1], never).catch((error) => console.log(error.kind, error.message));
      console.log(await store.check(assets[0], 'bytes', never), (await readdir(folder + '/site')).length);
    `);
    expect(printed).toBe('permanent public/media: the disk is full (ENOSPC)\nundefined 1');
  });

  test('is called read-only, before anything is written', async () => {
    const printed = await onSmallDisk(
      `await store.put(assets[0], never).catch((error) => console.log(error.kind, error.message));`,
      { readOnly: true },
    );
    expect(printed).toBe('permanent public/media: it is read-only (EROFS)');
  });

  test('is seen in the usage beforehand', async () => {
    const printed = await onSmallDisk(`
      const [disk] = (await store.usage(never)).quotas;
      console.log(disk.name, disk.limit, disk.limit - disk.used > 200_000, disk.perByte);
    `);
    expect(printed).toBe('disk 262144 true 1');
  });
});

test('files can be read by a web server that runs as somebody else', async () => {
  const folder = await newFolder();
  const asset = await newAsset();
  const before = process.umask(0o022);
  try {
    await openStore(folder).put(asset, never);
  } finally {
    process.umask(before);
  }
  const { mode } = await stat(path.join(folder, `${asset.publicId}.png`));
  expect((mode & 0o777).toString(8)).toBe('644');
});
