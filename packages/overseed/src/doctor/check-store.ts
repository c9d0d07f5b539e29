/** A real round trip through an asset store: upload a tiny picture, fetch it back, compare, remove it. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { type AssetStore, StoreError } from '../assets/asset-store.ts';
import { measureFile } from '../assets/measure-file.ts';
import { publicIdOf } from '../assets/public-id.ts';
import type { Asset } from '../model/asset.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import { scratchFolder } from '../util/scratch-folder.ts';
import { type Finding, ok, problem } from './finding.ts';

/** How long the picture may take to go when nobody waits for the rest any more, in ms. */
const REMOVE_MS = 10_000;

/** One finding a step; stops at the first that fails. The picture is removed in any case. */
export async function* checkStore(store: AssetStore, signal: AbortSignal): AsyncGenerator<Finding> {
  await using scratch = await scratchFolder();
  const file = path.join(scratch.path, 'overseed-check.png');
  await writeFile(file, tinyPicture());
  const measured = await measureFile(scratch.path, 'overseed-check.png');
  const asset: Asset = {
    ...measured,
    path: 'overseed-check.png',
    publicId: publicIdOf(store.prefix, 'overseed-check.png', measured.hash),
  };
  const steps: { subject: string; detail: string; work(): Promise<unknown> }[] = [
    {
      subject: 'credentials',
      detail: `${store.label} accepts them`,
      work: () => store.prepare([asset], signal),
    },
    {
      subject: 'upload',
      detail: `${asset.sizeBytes} bytes, ETag ${asset.etag}`,
      work: () => store.put(asset, signal),
    },
    {
      subject: 'fetch back',
      detail: 'the very same bytes',
      work: () => compare(store.urlOf(asset), file, signal),
    },
    { subject: 'remove', detail: 'gone again', work: () => store.remove(asset, signal) },
  ];
  let stored = false;
  for (const { subject, detail, work } of steps) {
    try {
      await work();
      stored = subject === 'upload' || (stored && subject !== 'remove');
      yield ok(subject, detail);
    } catch (error) {
      if (signal.aborted) {
        if (stored) await store.remove(asset, AbortSignal.timeout(REMOVE_MS));
        throw error;
      }
      yield problem(
        subject,
        reasonOf(error),
        error instanceof OverseedError ? error.next : `Look at ${store.label}.`,
      );
      break;
    }
  }
  if (stored) await store.remove(asset, signal);
}

async function compare(url: string, file: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url} answers with HTTP ${response.status}`);
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const same = digest(new Uint8Array(await response.arrayBuffer())) === digest(await readFile(file));
  if (!same) throw new Error(`${url} answers with other bytes`);
}

function reasonOf(error: unknown): string {
  if (error instanceof OverseedError) return error.what;
  return error instanceof StoreError ? error.message : messageOf(error);
}

/** A PNG of 8 × 8 random pixels, so that no two checks store the same bytes. */
function tinyPicture(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(8, 0);
  header.writeUInt32BE(8, 4);
  header.set([8, 2], 8); // 8 bits a channel, RGB
  const rows = Buffer.concat(Array.from({ length: 8 }, () => Buffer.concat([Buffer.of(0), randomBytes(24)])));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.byteLength);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
