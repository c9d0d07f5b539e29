/** `.ndjson`: one JSON object a line. */
import type { Table } from '../../model/schema.ts';
import type { SourceRow } from '../source.ts';
import { columnFinder } from '../values/map-row.ts';
import { jsonRow } from './json-row.ts';
import { readLines, readText } from './read-text.ts';

/** @param name of the file, for messages */
export async function* ndjsonRows(file: string, name: string, table: Table): AsyncGenerator<SourceRow> {
  const find = columnFinder(table);
  for await (const { text, line } of readLines(readText(file))) {
    if (text.trim() !== '') yield jsonRow(text, find, `${name}, line ${line}`);
  }
}
