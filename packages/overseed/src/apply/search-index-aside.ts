/**
 * A full-text index that is built beside the one in use, from the rows that wait to take the place of its table. It is filled
 * in short commits: a rebuild is one statement, which a server may not let end.
 */
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import type { Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import type { SearchIndex } from '../plan/search-indexes.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { aroundName } from '../sqlite/stored-sql.ts';
import { assertEquals } from '../target/assert-equals.ts';
import type { Statement, Target } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';
import { inSlices } from './in-slices.ts';
import { assertDefined } from './schema-objects.ts';
import { entriesInto } from './search-entries.ts';

const LOWEST_ROWID = -(2n ** 63n);

/** An index that takes the place of another one. */
export interface Aside {
  readonly index: SearchIndex;
  readonly table: Table;
  /** Where the rows of the table wait. */
  readonly staging: string;
}

/** Its name goes with that of its rows, so that it is cleared away like them. */
export function asideName({ index, staging }: Pick<Aside, 'index' | 'staging'>): string {
  return `${staging}_search_${index.name}`;
}

/** @throws LEASE_LOST, TARGET_REJECTED */
export async function buildAside(
  target: Target,
  aside: Aside,
  rowCount: number,
  lease: Lease,
  run: Run,
): Promise<void> {
  const { index, table, staging } = aside;
  const name = asideName(aside);
  const rowid = rowidName(table) ?? 'rowid';
  const create = `CREATE VIRTUAL TABLE IF NOT EXISTS ${quoteName(name)}${aroundName(index.entries?.sql ?? '').after}`;
  await writeUnderLease(target, lease, [{ sql: create }], run);
  const slice = (size: number): Statement => ({
    // Its own sizes say how far it is, also after an answer that was lost.
    sql: `${entriesInto(name, index, table)} FROM ${quoteName(staging)} AS t
      WHERE t.${rowid}>=(SELECT ifnull(max(id)+1, ?) FROM ${quoteName(`${name}_docsize`)}) ORDER BY t.${rowid} LIMIT ?`,
    args: [LOWEST_ROWID, BigInt(size)],
  });
  await inSlices(target, lease, slice, rowCount, run);
}

/** Fails unless it has an entry for every row, and the index in use is still defined as it was. */
export function assertAsideWhole(aside: Aside, rowCount: number): Statement[] {
  return [
    assertDefined([aside.index.entries?.sql ?? '']),
    assertEquals(`SELECT count(*) FROM ${quoteName(`${asideName(aside)}_docsize`)}`, rowCount),
  ];
}

/** Puts it in the place of the index in use. */
export function exchangeAside(aside: Aside): Statement[] {
  const [old, own] = [quoteName(aside.index.name), quoteName(asideName(aside))];
  return [{ sql: `DROP TABLE ${old}` }, { sql: `ALTER TABLE ${own} RENAME TO ${old}` }];
}
