import type { ErrorCode } from '../../packages/overseed/src/model/error.ts';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import type { PlainRow } from '../support/engine.ts';

export type Rows = Record<string, readonly PlainRow[]>;

/** A database and two states of it, as data. */
export interface Fixture {
  readonly name: string;
  /** Run on the target, in this order. */
  readonly schema: readonly string[];
  /** State A of the scope, by table as the source calls it. */
  readonly tables: Rows;
  /** State B. */
  readonly next: Rows;
  /** What the scope holds at first; state B when absent, so that the first push already has to change something. */
  readonly before?: Rows;
  /** Tables outside the scope, with rows. */
  readonly foreign?: Rows;
  /** Run after all rows are in. */
  readonly setup?: readonly string[];
  /** The kind of target that can be set up so, if not both. */
  readonly only?: 'file';
  readonly allowCascade?: readonly string[];
  /** The first push is refused before anything is changed; `on` says where, if not on both kinds of target. */
  readonly expect?: {
    readonly outcome: 'refused';
    readonly code: ErrorCode;
    readonly message: string;
    readonly on?: 'sqld' | 'file';
  };
  /** Questions to the target after states A and B, with their answers. */
  readonly probes?: readonly { readonly sql: string; readonly a: Answer; readonly b: Answer }[];
  /** Questions after the undo, where the answer is not that of state A. */
  readonly lastProbes?: readonly { readonly sql: string; readonly answer: Answer }[];
  /** Statements that must succeed after every step. */
  readonly checks?: readonly string[];
  /** Tables outside the scope that may change, because the fixture allows or means it. */
  readonly mayChange?: readonly string[];
}

type Answer = readonly (readonly SqlValue[])[];

/** `rows('id name', [1n, 'a'], [2n, 'b'])`; names with spaces are given as a list. */
export function rows(
  columns: string | readonly string[],
  ...values: readonly (readonly SqlValue[])[]
): PlainRow[] {
  const names = typeof columns === 'string' ? columns.split(' ') : columns;
  return values.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null])));
}

export const bytes = (...values: readonly number[]): Uint8Array => new Uint8Array(values);
