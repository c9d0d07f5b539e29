/** Rows to be staged, packed for their way, wherever that is done. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { isOddRow, packedRow } from '../sqlite/packed-rows.ts';
import { rowGroups } from '../sqlite/row-groups.ts';
import { quoteName } from '../util/sql.ts';

/** Size of one packed parameter. The server's limit is 5 000 000 bytes. */
const PACK_BYTES = 4_000_000;
const PACK_ROWS = 5_000;

export interface RowPacksInput {
  /** The files of the comparison. */
  readonly files: { readonly desired: string; readonly actual: string; readonly changes: string };
  readonly table: Table;
  /** SQL of what stands before the cells: the kind of change, for `delta`. */
  readonly lead: readonly string[];
  /** Everything from FROM on; the row is `r`. */
  readonly from: string;
  /** In the order of the key, so that the server's index grows at its end instead of all over. */
  readonly order: string;
  /** Number of rows; when as many have been packed, none is left that is not. */
  readonly expected: number;
}

/** `packed` is a JSON array of rows; `typed` rows are those that JSON would not carry exactly. */
export type Pack =
  | { readonly rowCount: number; readonly packed: string }
  | { readonly rowCount: number; readonly typed: SqlValue[][] };

export const module = import.meta.url;

export function open(input: RowPacksInput) {
  const database = LocalDatabase.scratch(input.files.desired);
  database.run('ATTACH ? AS actual', [input.files.actual]);
  database.run('ATTACH ? AS changes', [input.files.changes]);
  const packs = packsOf(database, input);
  return {
    /** Undefined after the last one. */
    next: (): Pack | undefined => packs.next().value,
    [Symbol.dispose]: () => {
      packs.return(undefined);
      database.close();
    },
  };
}

function* packsOf(
  database: LocalDatabase,
  { table, lead, from, order, expected }: RowPacksInput,
): Generator<Pack, undefined> {
  const odd = isOddRow(table, 'r');
  const and = from.includes(' WHERE ') ? 'AND' : 'WHERE';
  const head = lead.length > 0 ? `${lead.join(',')}, ` : '';
  let parts: string[] = [];
  let bytes = 0;
  let packed = 0;
  const rows = database.iterate(`SELECT ${head}${packedRow(table, 'r')} ${from} ${and} NOT ${odd} ${order}`);
  for (const row of rows) {
    // The kind of change leads the array of the cells.
    const text = row.length === 1 ? String(row[0]) : `["${String(row[0])}",${String(row[1]).slice(1)}`;
    const size = Buffer.byteLength(text) + 1;
    if (parts.length > 0 && (bytes + size > PACK_BYTES || parts.length === PACK_ROWS)) {
      yield { rowCount: parts.length, packed: `[${parts.join(',')}]` };
      parts = [];
      bytes = 0;
    }
    parts.push(text);
    packed++;
    bytes += size;
  }
  if (parts.length > 0) yield { rowCount: parts.length, packed: `[${parts.join(',')}]` };
  // To look for the others takes as long as to pack the usual ones.
  if (packed === expected) return undefined;
  const cells = storedColumns(table).map(({ name }) => `r.${quoteName(name)}`);
  const oddRows = database.exactRows([...lead, ...cells], `${from} ${and} ${odd} ${order}`);
  for (const typed of rowGroups(oddRows)) yield { rowCount: typed.length, typed };
  return undefined;
}
