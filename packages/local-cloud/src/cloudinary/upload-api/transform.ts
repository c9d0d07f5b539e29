/**
 * Incoming transformations, simulated. Cloudinary stores the transformed image instead of the one that was sent, so size
 * and etag no longer match the local file. Here the pixels stay and a note is appended, which image readers ignore:
 * the stored bytes differ, always in the same way for the same request.
 */
import { Readable } from 'node:stream';
import type { AssetStore, Incoming } from '../asset-store.ts';
import type { ImageFacts } from '../image.ts';

export async function applyIncomingTransformation(
  file: Incoming,
  transformation: string | undefined,
  facts: ImageFacts | undefined,
  assets: AssetStore,
): Promise<Incoming> {
  if (transformation === undefined || facts === undefined) return file;
  const note = `local-cloud incoming transformation: ${transformation.replaceAll('--', '- -')}`;
  const suffix = Buffer.from(facts.format === 'svg' ? `\n<!-- ${note} -->\n` : `\n${note}\n`);
  return assets.receive(Readable.from([await assets.read(file), suffix]));
}
