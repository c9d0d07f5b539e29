/** Definitions as the target stores them by now, where a copy of ours has only changed the quotes in them. */
import type { Run } from '../model/run.ts';
import { findTable, type Schema, type Table } from '../model/schema.ts';
import { readSchema } from '../target/read-schema.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';

/** Whatever else has changed in the schema stays as it was planned from, so that it is noticed. */
export async function withQuotesOf({ target }: Parts, prepared: Prepared, run: Run): Promise<Prepared> {
  const now = await readSchema(target, run.signal);
  return {
    ...prepared,
    tables: requoted(prepared.tables, now),
    followers: requoted(prepared.followers, now),
    scope: requoted(prepared.scope, now),
  };
}

export function requoted(tables: readonly Table[], now: Pick<Schema, 'tables'>): Table[] {
  return tables.map((table) => {
    const stored = findTable(now, table.name);
    if (!stored) return table;
    const texts = new Map([stored, ...stored.indexes].map(({ sql }) => [plain(sql), sql]));
    const text = (sql: string) => texts.get(plain(sql)) ?? sql;
    const indexes = table.indexes.map(({ name, sql }) => ({ name, sql: text(sql) }));
    return { ...table, sql: text(table.sql), indexes };
  });
}

function plain(sql: string): string {
  return sql.replaceAll(/["`[\]]/g, '').replaceAll(/\s+/g, ' ');
}
