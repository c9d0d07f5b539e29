/** A remote that holds an older, different state of the site, with pictures that its rows point to. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LocalCloud } from 'local-cloud';
import { olderData } from '../../scripts/demo/older-data.ts';
import { insertRows } from '../../scripts/demo/remote-database.ts';
import { type DatabaseDump, dumpDatabase, execute } from './dump.ts';

const IMAGES = path.resolve(import.meta.dirname, '../../examples/real-estate/images');
const TABLES = ['PropertyCategories', 'PropertiesImages', 'Properties', 'Categories'];
const PICTURE_COUNT = 3;

/** What there is to lose: every row, and the bytes behind every URL that answers. */
export interface CloudState {
  readonly rows: DatabaseDump;
  readonly pictures: Readonly<Record<string, string>>;
}

/** Replaces what the site's tables hold, past Overseed. The pictures are uploaded as somebody else would. */
export async function fillWithOlderState(cloud: LocalCloud): Promise<void> {
  await execute(cloud.database, ...TABLES.map((table) => `DELETE FROM ${table}`));
  const urls = await Promise.all(
    Array.from({ length: PICTURE_COUNT }, (_, index) => uploadOld(cloud, index)),
  );
  const images = olderData.PropertiesImages.map((row, index) => ({
    ...row,
    cloudinaryUrl: urls[index] ?? row.cloudinaryUrl,
  }));
  await insertRows(cloud.database, { ...olderData, PropertiesImages: images });
}

export async function stateOf(cloud: LocalCloud): Promise<CloudState> {
  const pictures = await Promise.all(
    cloud.cloudinary.assets().map(async ({ public_id, url }) => [public_id, await hashAt(url)]),
  );
  return { rows: await dumpDatabase(cloud.database), pictures: Object.fromEntries(pictures) };
}

async function uploadOld({ cloudinary }: LocalCloud, index: number): Promise<string> {
  const form = new FormData();
  const bytes = await readFile(path.join(IMAGES, 'villa-autor-abierta-sur-calahonda', 'fachada.webp'));
  // Bytes after the end of the picture make three different files of one.
  form.append('file', new Blob([Uint8Array.from([...bytes, index])]), 'foto.webp');
  form.append('public_id', `foto-${index + 1}`);
  const response = await fetch(`${cloudinary.url}/v1_1/${cloudinary.cloudName}/image/upload`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${cloudinary.apiKey}:${cloudinary.apiSecret}`)}` },
    body: form,
  });
  if (!response.ok) throw new Error(`The old picture was refused: ${await response.text()}`);
  const { secure_url } = (await response.json()) as { secure_url: string };
  return secure_url;
}

export async function hashAt(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return createHash('sha256')
    .update(new Uint8Array(await response.arrayBuffer()))
    .digest('hex');
}

/** Deletes a picture from the store, as somebody in its console would. */
export async function removePicture({ cloudinary }: LocalCloud, publicId: string): Promise<void> {
  const { url, cloudName, apiKey, apiSecret } = cloudinary;
  const response = await fetch(
    `${url}/v1_1/${cloudName}/resources/image/upload?public_ids[]=${encodeURIComponent(publicId)}`,
    { method: 'DELETE', headers: { authorization: `Basic ${btoa(`${apiKey}:${apiSecret}`)}` } },
  );
  if (!response.ok) throw new Error(`The picture was not deleted: ${await response.text()}`);
}
