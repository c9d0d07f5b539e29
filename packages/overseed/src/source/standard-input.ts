/**
 * `-`: rows of any tables from standard input, one JSON object a line: `{"table":"posts","row":{"id":1}}`. A stream can
 * be read only once and tables may come mixed, so the lines wait in a scratch file for each table.
 */
import { appendFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Table } from '../model/schema.ts';
import { countOf } from '../util/count-of.ts';
import { foldName } from '../util/fold-name.ts';
import { type ScratchFolder, scratchFolder } from '../util/scratch-folder.ts';
import { rowOfJson } from './files/json-row.ts';
import { decode, NotUtf8, readLines, readText } from './files/read-text.ts';
import type { Source, SourceRow } from './source.ts';
import { Digits, parseJson } from './values/from-json.ts';
import { columnFinder } from './values/map-row.ts';

/** Characters of one table that wait in memory before they are written. */
const PENDING_CHARACTERS = 256 * 1024;
/** Most problems that are listed. */
const LISTED = 20;

/** Streams that were read, in this process: a second reader would find nothing, and take it for no rows. */
const READ = new WeakSet<Readable>();

/** @throws SOURCE_INVALID with every line that is no row */
export async function openStandardInput(
  input: Readable,
  label: string,
  signal: AbortSignal,
): Promise<{ source: Source } & AsyncDisposable> {
  if (READ.has(input)) {
    throw new OverseedError('SOURCE_INVALID', {
      what: `${label} can be read only once, and was read for another target.`,
      state: 'not-contacted',
      next: 'Name one target, or put the rows into a file.',
    });
  }
  READ.add(input);
  const scratch = await scratchFolder();
  const close = () => scratch[Symbol.asyncDispose]();
  try {
    const spools = await spool(input, label, scratch, signal);
    const tables = [...spools.values()].map(({ name, file }) => ({
      name,
      columns: undefined,
      rows: (table: Table) => spooledRows(file, table, label),
    }));
    return { source: { label, tables }, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Spool {
  /** As the first row of the table spells it. */
  readonly name: string;
  readonly file: string;
  pending: string;
}

async function spool(input: Readable, label: string, scratch: ScratchFolder, signal: AbortSignal) {
  const spools = new Map<string, Spool>();
  const problems: string[] = [];
  try {
    for await (const { text, line } of readLines(decode(input))) {
      signal.throwIfAborted();
      if (text.trim() === '') continue;
      const found = readWrapper(text);
      if (typeof found === 'string') {
        problems.push(`  line ${line}: ${found}`);
        continue;
      }
      const key = foldName(found.table);
      const own = spools.get(key) ?? { name: found.table, file: scratch.file('rows.ndjson'), pending: '' };
      spools.set(key, own);
      own.pending += `${JSON.stringify({ line, row: found.row })}\n`;
      if (own.pending.length > PENDING_CHARACTERS) await flush(own);
    }
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    problems.push(`  ${error.message}`);
  }
  for (const own of spools.values()) await flush(own);
  if (spools.size === 0 && problems.length === 0) problems.push('  holds no row');
  if (problems.length > 0) throw invalid(label, problems);
  return spools;
}

async function flush(spool: Spool): Promise<void> {
  const text = spool.pending;
  spool.pending = '';
  await appendFile(spool.file, text, { mode: 0o600 });
}

/** @returns what is wrong with the line, when that is a text */
function readWrapper(text: string): { table: string; row: object } | string {
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch (error) {
    return `is not JSON: ${messageOf(error)}`;
  }
  if (typeof parsed !== 'object' || parsed === null || !('table' in parsed) || !('row' in parsed))
    return 'is not {"table": …, "row": {…}}';
  const { table, row } = parsed;
  if (typeof table !== 'string' || table === '') return 'has a "table" that is no name';
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'has a "row" that is no object';
  return { table, row };
}

async function* spooledRows(file: string, table: Table, label: string): AsyncGenerator<SourceRow> {
  const find = columnFinder(table);
  for await (const { text } of readLines(readText(file))) {
    const { line, row } = parseJson(text) as { line: number | Digits; row: unknown };
    yield rowOfJson(row, find, `${label}, line ${line instanceof Digits ? line.text : line}`);
  }
}

function invalid(label: string, problems: readonly string[]): OverseedError {
  const more = problems.length > LISTED ? [`  … and ${problems.length - LISTED} more`] : [];
  return new OverseedError('SOURCE_INVALID', {
    what: `${label} has ${countOf(problems.length, 'problem')}:\n${[...problems.slice(0, LISTED), ...more].join('\n')}`,
    state: 'not-contacted',
    next: 'Each line must be a row with its table: {"table":"posts","row":{"id":1,"title":"Hello"}}.',
  });
}
