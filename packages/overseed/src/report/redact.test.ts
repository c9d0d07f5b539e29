import { expect, test } from 'vitest';
import { redactor, secretsAmong } from './redact.ts';

test('P9: secrets of the environment, of URLs and of tokens are hidden in any text', () => {
  const redact = redactor(['abcdefgh', 'abcdefghij', 'short']);
  expect(redact('x abcdefghij y abcdefgh short')).toBe('x [hidden] y [hidden] short');
  expect(redact('postgres://me:pa55@host/db libsql://h?authToken=eyX&tls=0')).toBe(
    'postgres://[hidden]@host/db libsql://h?authToken=[hidden]&tls=0',
  );
  expect(redact('https://b.s3.example.com/k?X-Amz-Signature=00ff&X-Amz-Date=1')).toBe(
    'https://b.s3.example.com/k?X-Amz-Signature=[hidden]&X-Amz-Date=1',
  );
  expect(redact('Bearer eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ.c2lnbmF0dXJl.')).toBe('Bearer [hidden].');
  expect(redact('mail ana@example.com, size=3')).toBe('mail ana@example.com, size=3');
});

test('the secrets of an environment are found by the names of the variables', () => {
  expect(
    secretsAmong({
      TURSO_AUTH_TOKEN: 'a-token',
      TURSO_DATABASE_URL: 'libsql://shop.example.com',
      CLOUDINARY_URL: 'cloudinary://123:the-secret@demo',
      S3_SECRET_ACCESS_KEY: 'another',
      KEYBOARD: 'qwertz',
      EMPTY_TOKEN: undefined,
    }),
  ).toEqual(['a-token', 'the-secret', 'another']);
});
