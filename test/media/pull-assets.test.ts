/** `pull --assets`: the media of a copy, under the paths that its rows give them. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { copyTarget } from '../../packages/overseed/src/copy.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import { pullAssets } from '../../packages/overseed/src/pull-assets.ts';
import { gallery, type MediaBench, mediaBench } from '../support/media.ts';
import { removePicture } from '../support/older-site.ts';

const quiet = () => startRun({ signal: new AbortController().signal, emit: () => undefined });

async function pull(bench: MediaBench, { replace = false } = {}) {
  await using target = bench.target.open();
  const { assetStore, assetColumns } = bench.parts({}, target);
  const folder = path.join(bench.target.folder, 'fetched');
  const file = path.join(bench.target.folder, 'copy.db');
  const copied = await copyTarget(target, { kind: 'all', wanted: () => true }, file, quiet());
  return pullAssets({ target, assetStore, assetColumns, copied, folder, replace }, quiet());
}

const fetched = (bench: MediaBench) => path.join(bench.target.folder, 'fetched');
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();

test('fetches every file once, and what is there already not again', async () => {
  await using bench = await mediaBench();
  await bench.paint('a.png', 'rooms/kitchen ñ.png', 'rooms/bath.png');
  await bench.push({ 1: 'a.png', 2: 'rooms/kitchen ñ.png', 3: 'rooms/bath.png', 4: 'a.png', 5: null });
  const first = await pull(bench);
  expect(first).toMatchObject({ files: 3, alreadyThere: 0 });
  expect(filesIn(fetched(bench))).toEqual(['a.png', 'rooms/bath.png', 'rooms/kitchen ñ.png']);
  for (const name of filesIn(fetched(bench)))
    expect(readFileSync(path.join(fetched(bench), name))).toEqual(
      readFileSync(path.join(bench.images, name)),
    );
  const delivered = bench.cloudinary.counters().deliveries;
  expect(await pull(bench)).toMatchObject({ files: 0, bytes: 0, alreadyThere: 3 });
  expect(bench.cloudinary.counters().deliveries).toBe(delivered);
});

test('names every file that cannot be fetched, fetches the others, and writes nowhere else', async () => {
  await using bench = await mediaBench();
  const names = Object.values(gallery(6)) as string[];
  await bench.paint(...names, 'linked/p.png');
  await bench.push({ ...gallery(6), 7: 'linked/p.png' });
  const [gone] = bench.cloudinary.assets().filter(({ public_id }) => public_id.includes('/p1-'));
  if (!gone) throw new Error('There is one');
  await removePicture({ cloudinary: bench.cloudinary } as never, gone.public_id);
  await bench.target.run("UPDATE pictures SET image='../out.png' WHERE id=2");
  await bench.target.run("UPDATE pictures SET url='https://example.com/other.png' WHERE id=3");
  await mkdir(fetched(bench));
  await writeFile(path.join(fetched(bench), 'p4.png'), 'mine');
  await mkdir(path.join(bench.target.folder, 'elsewhere'));
  await symlink('../elsewhere', path.join(fetched(bench), 'linked'));
  const error = await pull(bench).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'ASSETS_FAILED', state: 'old' });
  const { message } = error as Error;
  for (const part of [
    '5 files of the rows could not be fetched',
    'p1.png: HTTP 404',
    '../out.png: leads out of the asset folder',
    'p3.png: https://example.com/other.png is in no ledger',
    'p4.png: is there with other bytes; --force replaces it',
    'linked/p.png: leads out of the folder by way of a link',
  ])
    expect(message).toContain(part);
  expect(readFileSync(path.join(fetched(bench), 'p4.png'), 'utf8')).toBe('mine');
  expect(readdirSync(fetched(bench)).sort()).toEqual(['linked', 'p4.png', 'p5.png', 'p6.png']);
  expect(readdirSync(path.join(bench.target.folder, 'elsewhere'))).toEqual([]);
  expect(readdirSync(bench.target.folder)).not.toContain('out.png');
  const forced = await pull(bench, { replace: true }).catch((thrown: unknown) => thrown);
  expect((forced as Error).message).toContain('4 files of the rows');
  expect(readFileSync(path.join(fetched(bench), 'p4.png'))).toEqual(
    readFileSync(path.join(bench.images, 'p4.png')),
  );
});

test('is patient with a store that fails one call in three', async () => {
  await using bench = await mediaBench();
  await bench.paint(...(Object.values(gallery(20)) as string[]));
  await bench.push(gallery(20));
  bench.cloudinary.faults.set({ kind: 'status', status: 503, rate: 1 / 3, route: 'delivery' });
  expect(await pull(bench)).toMatchObject({ files: 20 });
});
