import { expect, test } from 'vitest';
import { RecentMap } from './recent-map.ts';

test('holds the latest entries, at least as many as told and at most twice as many', () => {
  const map = new RecentMap<number, number>(10);
  const held = (upTo: number) =>
    Array.from({ length: upTo }, (_, key) => key).filter((key) => map.get(key) !== undefined);
  for (let key = 0; key < 10; key++) map.set(key, key);
  expect(held(10)).toHaveLength(10);
  const fresh = new RecentMap<number, number>(10);
  for (let key = 0; key < 1_000; key++) fresh.set(key, key);
  for (let key = 990; key < 1_000; key++) expect(fresh.get(key)).toBe(key);
  expect(fresh.get(979)).toBeUndefined();
});

test('keeps what is asked for', () => {
  const map = new RecentMap<number, string>(10);
  map.set(0, 'asked for');
  for (let key = 1; key < 1_000; key++) {
    map.set(key, 'passing');
    expect(map.get(0)).toBe('asked for');
  }
});
