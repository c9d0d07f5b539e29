import { expect, test } from 'vitest';
import { OverseedError } from '../model/error.ts';
import { retentionOf } from './backups.ts';

test('what is written is what applies', () => {
  expect(retentionOf(undefined, 'db/seed.ts')).toEqual({});
  expect(retentionOf({}, 'db/seed.ts')).toEqual({});
  expect(retentionOf({ keep: 1 }, 'db/seed.ts')).toEqual({ keep: 1 });
  expect(retentionOf({ keep: 20, maxAgeDays: 0.5 }, 'db/seed.ts')).toEqual({ keep: 20, days: 0.5 });
});

test.each([
  [{ keep: 0 }, 'backups.keep: must be a whole number of at least 1, not 0'],
  [{ keep: 2.5 }, 'backups.keep: must be a whole number of at least 1, not 2.5'],
  [{ keep: Number.POSITIVE_INFINITY }, 'backups.keep: must be a whole number of at least 1, not Infinity'],
  [{ keep: '20' }, 'backups.keep: must be a whole number of at least 1, not "20"'],
  [{ maxAgeDays: -1 }, 'backups.maxAgeDays: must be a number of days above 0, not -1'],
  [{ maxAgeDays: Number.NaN }, 'backups.maxAgeDays: must be a number of days above 0, not NaN'],
  [{ maxAge: 30 }, 'backups.maxAge: is not a known key'],
  [{ kep: 3 }, 'backups.kep: is not a known key (did you mean keep?)'],
  [{ constructor: 3 }, 'backups.constructor: is not a known key'],
  [[3], 'backups: must be an object such as { keep: 20 }, not [3]'],
  [false, 'backups: must be an object such as { keep: 20 }, not false'],
])('%j is refused by name', (settings, message) => {
  expect(() => retentionOf(settings, 'db/seed.ts')).toThrow(message);
});

test('every problem is named at once', () => {
  const refuse = () => retentionOf({ keep: 0, maxAgeDays: 0, other: 1 }, 'db/seed.ts');
  expect(refuse).toThrow(OverseedError);
  expect(refuse).toThrow(
    /^db\/seed\.ts has 3 problems:\n {2}backups\.keep.*\n {2}backups\.maxAgeDays.*\n {2}backups\.other/,
  );
});
