/**
 * A form with a file, as a stream. The platform's own FormData cannot be stopped halfway: Node then throws "ReadableStream
 * is already closed" where nobody can catch it.
 */
import { randomBytes } from 'node:crypto';
import type { Asset } from '../../model/asset.ts';
import { fileBytesOf, provedBytes } from '../proved-bytes.ts';
import { type StreamedBody, streamedBody } from '../streamed-body.ts';

/** @param fields names and values without quotes and line breaks */
export function multipart(
  fields: Readonly<Record<string, string>>,
  asset: Asset,
  signal: AbortSignal,
): StreamedBody {
  const boundary = `overseed-${randomBytes(16).toString('hex')}`;
  const part = (disposition: string) => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`;
  const plain = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}\r\n${value}\r\n`);
  const file = part(`name="file"; filename="${asset.hash}.${asset.format}"`);
  const head = Buffer.from(`${plain.join('')}${file}Content-Type: application/octet-stream\r\n\r\n`);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);

  async function* chunks(): AsyncGenerator<Buffer> {
    yield head;
    yield* provedBytes(asset, signal);
    yield tail;
  }
  return streamedBody(chunks(), head.byteLength + fileBytesOf(asset) + tail.byteLength, {
    'content-type': `multipart/form-data; boundary=${boundary}`,
  });
}
