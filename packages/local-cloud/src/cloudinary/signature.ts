/**
 * Signatures, both ways: the ones clients send and the one each upload answer carries. The string to sign is every
 * parameter but a few, sorted, joined, with the secret appended; version 2 escapes `&` inside values. The version is
 * not sent, so a signature is good if either version yields it.
 */
import { createHash } from 'node:crypto';
import { equalSecrets } from '../util/equal-secrets.ts';

const UNSIGNED = new Set([
  'file',
  'cloud_name',
  'resource_type',
  'api_key',
  'signature',
  'x_unique_upload_id',
]);

export type Parameters = ReadonlyMap<string, readonly string[]>;

export function stringToSign(parameters: Parameters, version: 1 | 2): string {
  return [...parameters]
    .filter(([name]) => !UNSIGNED.has(name))
    .map(([name, values]) => [name, values.join(',')] as const)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .map((pair) => (version === 2 ? pair.replaceAll('&', '%26') : pair))
    .join('&');
}

const hash = (algorithm: 'sha1' | 'sha256', text: string) => createHash(algorithm).update(text).digest('hex');

export function isSignedBy(secret: string, parameters: Parameters, signature: string): boolean {
  const algorithm = signature.length === 64 ? 'sha256' : 'sha1';
  const candidates = ([1, 2] as const).map((version) =>
    hash(algorithm, stringToSign(parameters, version) + secret),
  );
  return candidates.map((candidate) => equalSecrets(candidate, signature.toLowerCase())).includes(true);
}

/** The `signature` of an upload answer: always SHA-1 and version 1, whatever the request used. */
export function answerSignature(publicId: string, version: number, secret: string): string {
  return hash('sha1', `public_id=${publicId}&version=${version}${secret}`);
}
