/** Every schema of the zoo on a real server. */
import { describe, expect, test } from 'vitest';
import { fixtures } from './fixtures/index.ts';
import { describeZoo } from './journey.ts';

test('the zoo holds at least 60 schemas, each under a name of its own', () => {
  expect(new Set(fixtures.map(({ name }) => name)).size).toBe(fixtures.length);
  expect(fixtures.length).toBeGreaterThanOrEqual(60);
});

describe('on sqld', () => describeZoo('sqld'));
describe('on sqld, by whole tables with indexes', () => describeZoo('sqld', 'swap-indexed'));
describe('on sqld, by whole tables with growing indexes', () => describeZoo('sqld', 'swap-gradual'));
