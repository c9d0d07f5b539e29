/** One JSON object → one row. */
import { messageOf } from '../../model/error.ts';
import type { SourceRow } from '../source.ts';
import { fromJson, parseJson } from '../values/from-json.ts';
import { type columnFinder, RowBuilder } from '../values/map-row.ts';

type Find = ReturnType<typeof columnFinder>;

/** @param place for messages: `posts.ndjson, line 3` */
export function jsonRow(text: string, find: Find, place: string): SourceRow {
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch (error) {
    return unreadable(`is not JSON: ${messageOf(error)}`, place);
  }
  return rowOfJson(parsed, find, place);
}

/** @param parsed by {@link parseJson} */
export function rowOfJson(parsed: unknown, find: Find, place: string): SourceRow {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return unreadable('is not an object with columns', place);
  const builder = new RowBuilder();
  for (const [key, given] of Object.entries(parsed)) {
    const { name, kind } = find(key);
    builder.add(name, fromJson(given, kind), given);
  }
  return builder.finish({ place });
}

/** Something that is no row, where one should be. */
export function unreadable(message: string, place: string): SourceRow {
  return { values: new Map(), problems: [{ message }], isBroken: true, place };
}
