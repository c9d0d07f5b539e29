import { createHash } from 'node:crypto';

/** The namespace of every key in this example; any fixed UUID would do. */
const NAMESPACE = '6f1c1d0e-58a4-4c1b-9d6b-3f0a7c2e9b41';

/** The UUID of a name (RFC 4122, version 5): the same name gives the same key on every machine. */
export function uuidOf(name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(name);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50; // version 5
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80; // RFC 4122 variant
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
