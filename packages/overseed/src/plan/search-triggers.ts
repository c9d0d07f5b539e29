/**
 * Triggers that keep a full-text index in step, as SQLite's own documentation has them: one entry a row, made of the very
 * words that the row has. Whatever says it otherwise is not understood, and the index is not trusted then.
 */
import { foldName } from '../util/fold-name.ts';

const NAME = String.raw`(?:"(?:[^"]|"")*"|\x60(?:[^\x60]|\x60\x60)*\x60|\[[^\]]*\]|[\p{L}\p{N}_$]+)`;
const ENTRY = new RegExp(
  String.raw`^\s*INSERT\s+INTO\s+(${NAME})\s*\(([^()]*)\)\s*VALUES\s*\(([^()]*)\)\s*$`,
  'iu',
);
const CELL = new RegExp(String.raw`^(new|old)\s*\.\s*(${NAME})$`, 'iu');
const ROWIDS = ['rowid', '_rowid_', 'oid'];

export interface FedIndex {
  readonly name: string;
  /** Those of the table that it reads. */
  readonly columns: readonly string[];
  /** Whether a column of the table means its rowid. */
  isRowid(column: string): boolean;
}

type Event = 'INSERT' | 'UPDATE' | 'DELETE';

/** What a trigger does to the index for each event. */
const WANTED: Record<Event, string> = { INSERT: 'new', DELETE: 'old', UPDATE: 'old new' };

/**
 * Whether `triggers` enter whatever happens to their table into the index.
 * @param triggers as they are stored, without comments
 */
export function areInStep(triggers: readonly string[], index: FedIndex): boolean {
  const done = triggers.map((sql) => [eventOf(sql), entriesIn(sql, index)] as const);
  return Object.entries(WANTED).every(([event, wanted]) => {
    const own = done.filter(([each]) => each === event);
    return own.length === 1 && own[0]?.[1] === wanted;
  });
}

/** What a trigger reacts to, always; undefined when it looks at single columns or has a condition. */
function eventOf(sql: string): Event | undefined {
  const [head = ''] = sql.split(/\bBEGIN\b/i);
  if (/\bWHEN\b/i.test(head)) return undefined;
  return /\b(INSERT|UPDATE|DELETE)\s+ON\b/i.exec(head)?.[1]?.toUpperCase() as Event | undefined;
}

/** `old` for an entry that is taken out, `new` for one that is put in; undefined when a statement is not understood. */
function entriesIn(sql: string, index: FedIndex): string | undefined {
  const { name } = index;
  const spellings = [name, ...['"', '`', "'"].map((quote) => name.replaceAll(quote, quote + quote))];
  const body = /\bBEGIN\b([\s\S]*)\bEND\b/i.exec(sql)?.[1] ?? '';
  const entries = body
    .split(';')
    .filter((statement) => spellings.some((each) => statement.toLowerCase().includes(each.toLowerCase())))
    .map((statement) => entryOf(statement, index));
  return entries.includes(undefined) ? undefined : entries.join(' ');
}

function entryOf(statement: string, { name: index, columns, isRowid }: FedIndex): string | undefined {
  const [, into = '', names = '', values = ''] = ENTRY.exec(statement) ?? [];
  if (bare(into) !== foldName(index)) return undefined;
  const [cells, given] = [names, values].map((list) => list.split(',').map((each) => each.trim()));
  if (cells === undefined || given === undefined || cells.length !== given.length) return undefined;
  const sides = new Set<string>();
  let isTakenOut = false;
  for (const [position, name] of cells.entries()) {
    const value = given[position] ?? '';
    if (bare(name) === foldName(index)) {
      if (!/^'delete'$/i.test(value)) return undefined;
      isTakenOut = true;
      continue;
    }
    const [, side = '', column = ''] = CELL.exec(value) ?? [];
    const isRight = ROWIDS.includes(bare(name)) ? isRowid(bare(column)) : bare(column) === bare(name);
    if (!isRight) return undefined;
    sides.add(side.toLowerCase());
  }
  const entered = new Set(cells.map(bare));
  const isWhole =
    columns.every((column) => entered.has(foldName(column))) && ROWIDS.some((name) => entered.has(name));
  const side = isTakenOut ? 'old' : 'new';
  return isWhole && sides.size === 1 && sides.has(side) ? side : undefined;
}

/** A name without its quotes, folded. */
function bare(name: string): string {
  const quote = name[0];
  if (quote === '[') return foldName(name.slice(1, -1));
  if (quote !== '"' && quote !== '`') return foldName(name);
  return foldName(name.slice(1, -1).replaceAll(quote + quote, quote));
}
