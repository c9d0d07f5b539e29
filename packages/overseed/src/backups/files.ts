/** What backups and kept states share. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Name of the folder for what belongs to one target. */
export function targetFolder(target: string): string {
  return target.replace(/[^A-Za-z0-9.-]+/g, '_').replace(/^[_.]+/, '') || 'target';
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
