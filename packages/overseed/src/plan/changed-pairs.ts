/** Changed rows with both of their sides, for people to look at. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { Row } from '../model/value.ts';
import { quoteName } from '../util/sql.ts';
import { type Comparison, changesTable, sameKeyAsChange } from './comparison.ts';

/** Cells are the stored columns in order. */
export interface ChangedPair {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  /** How many copies of the row come or go; more than one only where rows have no identity. */
  readonly copies: number;
}

interface Wanted {
  readonly kind: ChangedPair['kind'];
  readonly limit: number;
  /** Only rows in which one of these columns changes or, where one side is missing, is not NULL. */
  readonly within?: readonly string[];
}

/** @param table as the comparison has it in its scope, number `index` there */
export function changedPairsOf(
  comparison: Comparison,
  table: Table,
  index: number,
  wanted: Wanted,
): Iterable<ChangedPair> {
  if (wanted.limit <= 0) return [];
  return table.key.length > 0
    ? byKey(comparison, table, index, wanted)
    : inBag(comparison, table, index, wanted);
}

function* byKey(
  comparison: Comparison,
  table: Table,
  index: number,
  { kind, limit, within }: Wanted,
): Generator<ChangedPair> {
  const name = quoteName(table.name);
  const columns = storedColumns(table).map((column) => quoteName(column.name));
  const join = (schema: string, alias: string) =>
    `JOIN ${schema}.${name} AS ${alias} ON ${sameKeyAsChange(table, alias, 'c')}`;
  const sides = [
    ...(kind === 'insert' ? [] : [{ alias: 'a', join: join('actual', 'a') }]),
    ...(kind === 'delete' ? [] : [{ alias: 'd', join: join('main', 'd') }]),
  ];
  const kinds = kind === 'update' ? "c.kind IN ('update','replace')" : `c.kind='${kind}'`;
  const isWithin = within?.map((column) => {
    const [first, second] = sides.map(({ alias }) => `${alias}.${quoteName(column)}`);
    return `${first} IS NOT ${second ?? 'NULL'}`;
  });
  const rows = comparison.database.exactRows(
    sides.flatMap(({ alias }) => columns.map((column) => `${alias}.${column}`)),
    // CROSS: the list of changes leads, whatever the engine believes to know of sizes.
    `FROM ${changesTable(index)} AS c ${sides.map((side) => `CROSS ${side.join}`).join(' ')}
     WHERE ${kinds}${isWithin ? ` AND (${isWithin.join(' OR ')})` : ''} ORDER BY c.rowid LIMIT ${limit}`,
  );
  for (const row of rows) {
    const before = kind === 'insert' ? undefined : row.slice(0, columns.length);
    const after = kind === 'delete' ? undefined : row.slice(-columns.length);
    yield { kind, before, after, copies: 1 };
  }
}

function* inBag(
  { database }: Comparison,
  table: Table,
  index: number,
  { kind, limit, within }: Wanted,
): Generator<ChangedPair> {
  if (kind === 'update') return;
  const columns = storedColumns(table);
  const cells = columns.map((_, position) => `c${position + 1}`);
  const copies = kind === 'insert' ? 'after-before' : 'before-after';
  const isWithin = columns.flatMap(({ name }, position) =>
    within?.includes(name) ? [`${cells[position]} IS NOT NULL`] : [],
  );
  const more = isWithin.length > 0 ? ` AND (${isWithin.join(' OR ')})` : '';
  const rows = database.exactRows(
    [copies, ...cells],
    `FROM ${changesTable(index)} WHERE ${copies}>0${more} LIMIT ${limit}`,
  );
  for (const [count, ...row] of rows) {
    const [before, after] = kind === 'insert' ? [undefined, row] : [row, undefined];
    yield { kind, before, after, copies: Number(count) };
  }
}
