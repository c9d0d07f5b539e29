/** The rows of the engine's benchmark: eight columns, about 200 bytes a row, keys in random order. */
import type { SqlValue } from '../packages/overseed/src/model/value.ts';

export const COLUMNS =
  'id TEXT PRIMARY KEY, title TEXT NOT NULL, price REAL, rooms INTEGER, body TEXT, lat REAL, lng REAL, day TEXT';
export const NAMES = ['id', 'title', 'price', 'rooms', 'body', 'lat', 'lng', 'day'] as const;

/** The first `changed` rows have another price. */
export function* rows(count: number, changed: number): Generator<SqlValue[]> {
  for (let i = 0; i < count; i++) {
    const hash = ((i * 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
    yield [
      `${hash}-0000-4000-8000-${String(i).padStart(12, '0')}`,
      `Casa ${i} con jardín y vistas`,
      ((i * 37) % 1_000_000) / 100 + (i < changed ? 0.5 : 0),
      BigInt(i % 9),
      'x'.repeat(44),
      36 + ((i * 7_919) % 1_000_000) / 1e6,
      -5 + ((i * 104_729) % 1_000_000) / 1e6,
      `2026-01-${String((i % 28) + 1).padStart(2, '0')}`,
    ];
  }
}
