/**
 * How text gives away that it refers to an asset: every public ID ends in a hyphen and the first digits of the content's
 * hash. No escaping touches these characters, so the mark survives in any URL, with any transformation or domain, in
 * JSON, HTML or Markdown. What looks like a mark and is none can only keep an asset that nobody needs.
 */
import { HASH_DIGITS } from './public-id.ts';

const MARK = new RegExp(`-([0-9a-f]{${HASH_DIGITS}})`, 'g');

/** GLOB pattern of SQLite for text that holds a mark. */
export const MARK_GLOB = `*-${'[0-9a-f]'.repeat(HASH_DIGITS)}*`;

/** Every mark in `text`. */
export function* marksIn(text: string): Generator<string> {
  for (const [, mark] of text.matchAll(MARK)) if (mark !== undefined) yield mark;
}

/** The mark at the end of a public ID; undefined when it was not made by us. */
export function markOf(publicId: string): string | undefined {
  return new RegExp(`-([0-9a-f]{${HASH_DIGITS}})$`).exec(publicId)?.[1];
}
