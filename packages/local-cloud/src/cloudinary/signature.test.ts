import { describe, expect, test } from 'vitest';
import { answerSignature, isSignedBy, stringToSign } from './signature.ts';

const parameters = (fields: Record<string, string>) =>
  new Map(Object.entries(fields).map(([name, value]) => [name, [value]]));

/** Published or measured; the secret is `abcd`. */
const VECTORS = [
  [
    'sha1',
    { public_id: 'sample_image', timestamp: '1315060510' },
    'b4ad47fb4e25c7bf5f92a20089f9db59bc302313',
  ],
  [
    'sha1 with eager',
    { eager: 'w_400,h_300,c_pad|w_260,h_200,c_crop', public_id: 'sample_image', timestamp: '1315060510' },
    'bfd09f95f331f558cbd1320e67aa8d488770583e',
  ],
  ['version 1', { public_id: 'a&b=c', timestamp: '1' }, 'ae08536c4453283084add359a3c15fbb93f83e2f'],
  ['version 2', { public_id: 'a&b=c', timestamp: '1' }, '4bcb4c579fb24fb5ff27ab08c5e2c86a68082289'],
  [
    'sha256',
    { public_id: 'a', timestamp: '1' },
    'f304c440143dc28eb78acabefd8b68f977502e20688cfe1b8b19440aa6005a6f',
  ],
] as const;

describe('signatures', () => {
  test.each(VECTORS)('the known signature is accepted: %s', (_name, fields, signature) => {
    expect(isSignedBy('abcd', parameters(fields), signature)).toBe(true);
    expect(isSignedBy('abce', parameters(fields), signature)).toBe(false);
    expect(isSignedBy('abcd', parameters({ ...fields, tags: 'x' }), signature)).toBe(false);
  });

  test('fields that are never signed, and empty ones, are left out; arrays are joined; names are sorted', () => {
    const all = new Map([
      ['timestamp', ['1']],
      ['tags', ['a', 'b']],
      ['context', ['']],
      ...['file', 'cloud_name', 'resource_type', 'api_key', 'signature', 'x_unique_upload_id'].map(
        (name) => [name, ['x']] as [string, string[]],
      ),
    ]);
    expect(stringToSign(all, 1)).toBe('tags=a,b&timestamp=1');
  });

  test('the signature of an answer is SHA-1 over public_id and version', () => {
    expect(answerSignature('sample_image', 1315060510, 'abcd')).toHaveLength(40);
    expect(answerSignature('b', 1, 'abcd')).not.toBe(answerSignature('b', 2, 'abcd'));
  });
});
