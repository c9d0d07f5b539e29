/** What a column of the target holds, as far as a source of text needs to know it. */
import { affinityOf, type Column } from '../../model/schema.ts';

/**
 * `boolean`, `integer`, `real`, `text` and `blob` by the declared type. `numeric` is everything else that has one
 * (DECIMAL, DATE, TIMESTAMP, JSON): the engine turns text that looks like a number into one. `any` has none.
 */
export type ColumnKind = 'boolean' | 'integer' | 'real' | 'text' | 'blob' | 'numeric' | 'any';

export function columnKind({ type }: Pick<Column, 'type'>): ColumnKind {
  if (/^\s*(ANY)?\s*$/i.test(type)) return 'any';
  if (/^\s*BOOL/i.test(type)) return 'boolean';
  switch (affinityOf(type)) {
    case 'INTEGER':
      return 'integer';
    case 'REAL':
      return 'real';
    case 'TEXT':
      return 'text';
    case 'BLOB':
      return 'blob';
    case 'NUMERIC':
      return 'numeric';
  }
}

/** A value that does not fit its column; `message` goes on after the value: `is not a whole number`. */
export class Unfit {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}
