import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ContentHash } from '../model/asset.ts';
import { UnusableFile } from './unusable-file.ts';

/** SHA-256 of a file's bytes as hex, in bounded memory. */
export async function hashFile(file: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(file), digest);
  return digest.digest('hex');
}

/** The bytes that `hash` names, and no others. @throws UnusableFile when the file changed since it was measured */
export async function readMeasured({ file, hash }: { file: string; hash: ContentHash }): Promise<Buffer> {
  const bytes = await readFile(file);
  if (createHash('sha256').update(bytes).digest('hex') !== hash)
    throw new UnusableFile('changed while it was read');
  return bytes;
}
