import { describe, expect, test } from 'vitest';
import { OverseedError } from '../model/error.ts';
import type { Environment } from './environment.ts';
import { type S3Options, s3Bucket } from './s3.ts';
import { parseStorePrefix } from './store-prefix.ts';

const KEY = { AWS_ACCESS_KEY_ID: 'AK123', AWS_SECRET_ACCESS_KEY: 'very-secret' };

function environment(variables: Record<string, string> = {}): Environment {
  return { get: (name) => ({ ...KEY, ...variables })[name], places: 'the environment' };
}

function failureOf(options: S3Options, variables: Environment): OverseedError {
  try {
    s3Bucket(options, variables);
  } catch (error) {
    if (error instanceof OverseedError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('where the bucket is', () => {
  test.each([
    [
      'Amazon',
      { bucket: 'media', region: 'eu-central-1' },
      { endpoint: 'https://s3.eu-central-1.amazonaws.com', region: 'eu-central-1', pathStyle: false },
    ],
    [
      'Amazon, a name that fits no certificate',
      { bucket: 'media.example.com' },
      { endpoint: 'https://s3.us-east-1.amazonaws.com', region: 'us-east-1', pathStyle: true },
    ],
    [
      'Cloudflare R2',
      { bucket: 'media', endpoint: 'https://abc.r2.cloudflarestorage.com/' },
      { endpoint: 'https://abc.r2.cloudflarestorage.com', region: 'auto', pathStyle: true },
    ],
    [
      'Backblaze B2',
      { bucket: 'media', endpoint: 'https://s3.us-west-002.backblazeb2.com' },
      { region: 'us-west-002', pathStyle: true },
    ],
    [
      'MinIO',
      { bucket: 'media', endpoint: 'http://127.0.0.1:9000' },
      { endpoint: 'http://127.0.0.1:9000', region: 'us-east-1', pathStyle: true },
    ],
    [
      'a service with hosts for buckets',
      { bucket: 'media', endpoint: 'https://fra1.example.com', forcePathStyle: false },
      { pathStyle: false },
    ],
  ] satisfies [string, S3Options, object][])('%s', (_name, options, expected) => {
    expect(s3Bucket(options, environment())).toMatchObject(expected);
  });

  test('all of it may be in the environment; what the seed says comes first', () => {
    const variables = environment({
      S3_BUCKET: 'from-env',
      S3_ENDPOINT: 'https://s3.example.com/',
      AWS_REGION: 'eu-west-3',
      S3_PUBLIC_URL: 'https://media.example.com/',
      AWS_SESSION_TOKEN: 'token',
    });
    expect(s3Bucket({}, variables)).toMatchObject({
      bucket: 'from-env',
      endpoint: 'https://s3.example.com',
      region: 'eu-west-3',
      publicBaseUrl: 'https://media.example.com',
      sessionToken: 'token',
    });
    expect(s3Bucket({ bucket: 'from-seed', region: 'auto' }, variables)).toMatchObject({
      bucket: 'from-seed',
      region: 'auto',
    });
  });

  test('the variables of the key may have other names', () => {
    const variables = { accessKeyId: 'R2_KEY', secretAccessKey: 'R2_SECRET' };
    const bucket = s3Bucket({ bucket: 'media', variables }, environment({ R2_KEY: 'a', R2_SECRET: 'b' }));
    expect(bucket).toMatchObject({
      accessKeyId: 'a',
      secretAccessKey: 'b',
      variables: 'R2_KEY and R2_SECRET',
    });
  });
});

describe('what is wrong', () => {
  test('is said at once, by name', () => {
    const nothing: Environment = { get: () => undefined, places: '.env' };
    const { code, message } = failureOf(
      { endpoint: 'media.example.com', publicBaseUrl: 'ftp://media', region: 'eu central' },
      nothing,
    );
    expect(code).toBe('CONFIG_INVALID');
    for (const part of ['S3_BUCKET', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'S3_ENDPOINT']) {
      expect(message).toContain(part);
    }
    for (const part of ['S3_PUBLIC_URL', '"eu central"', '.env']) expect(message).toContain(part);
  });

  test.each(['a', '-media', 'media/site', 'media bucket', 'https://media'])('%j is no bucket', (bucket) => {
    expect(failureOf({ bucket }, environment()).message).toContain('is no name of a bucket');
  });

  test('P9: shows no value of a variable', () => {
    const { message } = failureOf(
      { bucket: 'x' },
      environment({ S3_ENDPOINT: 'https://user:pass-w0rd@host' }),
    );
    for (const value of ['very-secret', 'AK123', 'pass-w0rd']) expect(message).not.toContain(value);
  });
});

describe('the prefix', () => {
  test.each([
    ['real-estate', 'real-estate'],
    ['/sites/Köln am Rhein/', 'sites/Köln am Rhein'],
    ['', ''],
    ['/', ''],
  ])('%j is %j', (text, expected) => {
    expect(parseStorePrefix(text)).toBe(expected);
  });

  test.each(['a//b', '../up', 'a/./b', 'a?b', 'a#b', 'a%20b', 'a\\b', 'a / b', 'a\nb'])(
    '%j is refused',
    (text) => {
      expect(() => parseStorePrefix(text)).toThrow(/prefix of the asset store/);
    },
  );
});
