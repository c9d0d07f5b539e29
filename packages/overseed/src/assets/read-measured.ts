import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ContentHash } from '../model/asset.ts';
import { UnusableFile } from './unusable-file.ts';

/** The bytes that `hash` names, and no others. @throws UnusableFile when the file changed since it was measured */
export async function readMeasured({ file, hash }: { file: string; hash: ContentHash }): Promise<Buffer> {
  const bytes = await readFile(file);
  if (createHash('sha256').update(bytes).digest('hex') !== hash)
    throw new UnusableFile('changed while it was read');
  return bytes;
}
