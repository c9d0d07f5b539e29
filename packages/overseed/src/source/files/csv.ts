/**
 * `.csv` (RFC 4180): a line of column names, then rows. A cell with nothing in it is NULL; one that holds two quotes, `""`,
 * is an empty text.
 */
import { pipeline, Readable } from 'node:stream';
import { CsvError, type InfoField, parse } from 'csv-parse';
import type { Table } from '../../model/schema.ts';
import { describeValue } from '../../model/value.ts';
import { countOf } from '../../util/count-of.ts';
import { foldName } from '../../util/fold-name.ts';
import type { SourceRow } from '../source.ts';
import { fromText } from '../values/from-text.ts';
import { columnFinder, RowBuilder, type TargetColumn } from '../values/map-row.ts';
import { unreadable } from './json-row.ts';
import { readText } from './read-text.ts';

/** Null: nothing stands between the delimiters. */
type Cells = readonly (string | null)[];

/** @param name of the file, for messages */
export async function* csvRows(
  file: string,
  name: string,
  table: Table,
  delimiter: string,
): AsyncGenerator<SourceRow> {
  let columns: readonly TargetColumn[] | undefined;
  try {
    for await (const { cells, line } of records(file, delimiter)) {
      const place = `${name}, line ${line}`;
      if (columns !== undefined) {
        if (!isBlank(cells, columns)) yield toRow(cells, columns, place);
        continue;
      }
      const problem = headProblem(cells, delimiter);
      if (problem !== undefined) return yield unreadable(problem, place);
      const find = columnFinder(table);
      columns = cells.map((cell) => find((cell ?? '').trim()));
    }
    if (columns === undefined) yield unreadable('is empty: a line of column names is expected', name);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield unreadable(describeError(error), `${name}, line ${String(error.lines)}`);
  }
}

/** Records with the line on which each begins. @throws CsvError, NotUtf8 */
async function* records(file: string, delimiter: string): AsyncGenerator<{ cells: Cells; line: number }> {
  const parser = parse({
    delimiter,
    // Both, whatever the first line ends with: files that were edited on two systems have a mixture.
    record_delimiter: ['\r\n', '\n'],
    cast: (value: string, { quoting }: InfoField) => (value === '' && !quoting ? null : value),
    relax_column_count: true,
    info: true,
  });
  // An error of the file reaches whoever reads from the parser, so nothing is left to say here.
  pipeline(Readable.from(readText(file)), parser, () => undefined);
  let lastLine = 0;
  for await (const { record, info } of parser as AsyncIterable<{ record: Cells; info: { lines: number } }>) {
    yield { cells: record, line: lastLine + 1 };
    lastLine = info.lines;
  }
}

/** In a file of one column, a blank line is a row that holds NULL. */
function isBlank(cells: Cells, columns: readonly TargetColumn[]): boolean {
  return columns.length > 1 && cells.length === 1 && cells[0] === null;
}

function headProblem(cells: Cells, delimiter: string): string | undefined {
  const names = cells.map((cell) => foldName((cell ?? '').trim()));
  if (names.includes('')) return 'has a column without a name';
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `names the column ${twice} twice`;
  const [only = ''] = names;
  const other = [',', ';', '\t', '|'].find((mark) => mark !== delimiter && only.includes(mark));
  if (names.length > 1 || other === undefined) return undefined;
  return `has one column, ${describeValue(cells[0])}: if ${describeValue(other)} stands between its cells, say so with { folder, delimiter }`;
}

function toRow(cells: Cells, columns: readonly TargetColumn[], place: string): SourceRow {
  if (cells.length !== columns.length) {
    const message = `has ${countOf(cells.length, 'cell')}, and the first line names ${countOf(columns.length, 'column')}`;
    return unreadable(message, place);
  }
  const builder = new RowBuilder();
  for (const [index, { name, kind }] of columns.entries()) {
    const cell = cells[index] ?? null;
    builder.add(name, cell === null ? null : fromText(cell, kind), cell);
  }
  return builder.finish({ place });
}

function describeError({ code, message }: CsvError): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'has a quote that is never closed';
    case 'INVALID_OPENING_QUOTE':
      return 'has a quote inside a cell that does not begin with one';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'has something between a closing quote and the next cell';
    default:
      return `cannot be read: ${message}`;
  }
}
