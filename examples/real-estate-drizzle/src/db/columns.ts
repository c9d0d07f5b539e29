/** Columns that hold what Astro DB put there, byte for byte. Drizzle's own date and JSON modes store other things. */
import { customType } from 'drizzle-orm/sqlite-core';

/** `2026-01-31T09:30:00.000Z` as text. */
export const date = customType<{ data: Date; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => value.toISOString(),
  // A default of NOW was filled in by SQLite, which writes `2026-01-31 09:30:00` and means UTC.
  fromDriver: (value) => new Date(value.endsWith('Z') ? value : `${value}Z`),
});

/** JSON as text. */
export const json = customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => JSON.parse(value),
});
