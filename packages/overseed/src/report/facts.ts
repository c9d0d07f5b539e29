/** Everything a report tells: plain data of bounded size, collected while a run is at work. */
import type { ErrorCode, TargetState } from '../model/error.ts';
import type { Stage } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';

export interface ReportFacts {
  /** The version of this tool. */
  readonly version: string;
  /** `push production` */
  readonly command: string;
  readonly runId: string;
  readonly startedAt: Date;
  /** Of the whole run. */
  readonly ms: number;
  /** Undefined when it ended before that was known. */
  readonly source: string | undefined;
  /** The target as the configuration calls it, and where it is. */
  readonly targetName: string;
  readonly target: string | undefined;
  readonly store: string | undefined;
  readonly ending: Ending;
  /** The last one that was made. */
  readonly plan: Plan | undefined;
  /** By table, in the order of the plan; only those in which rows change. */
  readonly changes: readonly TableChanges[];
  readonly pictures: Pictures;
  readonly stages: readonly StageSpan[];
  readonly uploads: UploadRecord;
  readonly warnings: Listed<string>;
  /** What was checked, by `verify`. */
  readonly findings: readonly ReportFinding[];
  /** The command that takes it back; undefined when there is nothing to take back. */
  readonly undoCommand: string | undefined;
}

export type Ending =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'checked'; readonly isGood: boolean }
  | { readonly kind: 'failed'; readonly failure: ReportFailure };

export interface ReportFailure {
  readonly code: ErrorCode;
  readonly what: string;
  readonly state: TargetState;
  readonly next: string;
}

export interface ReportFinding {
  readonly status: 'ok' | 'problem';
  readonly subject: string;
  readonly detail: string;
  readonly cure?: string;
}

/** The first of many, and how many there were. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/** One cell as people see it: short, without control characters, without secrets. */
export interface ShownValue {
  readonly kind: 'null' | 'integer' | 'real' | 'text' | 'blob' | 'hidden';
  /** Around and within what differs from the other side; without another side all is in the first. */
  readonly parts: readonly [before: string, different: string, after: string];
  /** Says how much there is where not all is shown: `5 000 000 characters`. */
  readonly size?: string;
}

export interface CellChange {
  readonly column: string;
  readonly before?: ShownValue;
  readonly after?: ShownValue;
}

export interface RowChange {
  readonly kind: 'insert' | 'update' | 'delete';
  /** More than one only where rows have no identity. */
  readonly copies: number;
  /** `id=5`; empty where rows have no identity. */
  readonly key: string;
  readonly cells: readonly CellChange[];
  /** Cells that are left out. */
  readonly moreCells: number;
}

export interface TableChanges {
  readonly table: string;
  readonly inserts: number;
  readonly updates: number;
  readonly deletes: number;
  /** The first of each kind. */
  readonly rows: readonly RowChange[];
}

/** One picture that rows refer to, before and after. */
export interface PictureChange {
  readonly table: string;
  readonly key: string;
  readonly column: string;
  readonly before: PictureSide | undefined;
  readonly after: PictureSide | undefined;
}

export interface PictureSide {
  /** As it stands in the row, without secrets. */
  readonly url: string;
  /** A small picture as a `data:` URI, or why there is none. */
  readonly thumbnail: { readonly uri: string; readonly width: number; readonly height: number } | string;
}

export interface Pictures extends Listed<PictureChange> {
  /** `total` counts no further than the rows that were looked at. */
  readonly isTotalKnown: boolean;
}

/** When a stage was at work, in ms since the run began. */
export interface StageSpan {
  readonly stage: Stage;
  readonly startMs: number;
  readonly endMs: number;
  /** What it says of itself; undefined when it did not end well. */
  readonly detail: string | undefined;
}

export interface UploadRecord {
  /** When the first upload was reported and the last, in ms since the run began. */
  readonly files: number;
  readonly alreadyThere: number;
  readonly bytes: number;
  readonly retries: number;
  /** How long uploads took, in ms; undefined without any. */
  readonly latency: Latency | undefined;
  /** Equal spans of time, from the beginning of the first to the end of the last. */
  readonly slices: readonly UploadSlice[];
  /** Some uploads, chosen evenly: when each ended, in ms since the run began, and how long it took. */
  readonly dots: readonly { readonly atMs: number; readonly ms: number }[];
  /** Pauses that the store asked for. */
  readonly pauses: readonly string[];
}

export interface Latency {
  readonly median: number;
  /** 95 of 100 took no longer. */
  readonly p95: number;
  readonly slowest: number;
}

export interface UploadSlice {
  readonly startMs: number;
  readonly endMs: number;
  readonly files: number;
  readonly bytes: number;
  /** The most that were under way. */
  readonly atOnce: number;
  /** Mean of those that ended in it, in ms; 0 without any. */
  readonly meanMs: number;
  readonly retries: number;
}
