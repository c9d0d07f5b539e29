/**
 * PORT. A target is a database that can do two things: answer questions from one snapshot, and run a list of
 * statements all or nothing. Everything above speaks SQL through these two verbs, so a remote database and a
 * local file get the same statements and the same guarantees.
 */
import type { Row, SqlValue } from '../model/value.ts';
import type { Channel } from '../sqlite/projection.ts';

export interface Statement {
  readonly sql: string;
  readonly args?: Row;
}

export interface QueryOptions {
  /** Nothing will be asked after this. */
  readonly last?: boolean;
  /** Texts come as their bytes, in UTF-8: faster where nobody reads them. A file hands out text all the same. */
  readonly undecoded?: boolean;
}

/** One unchanging state of the target. Writers are not blocked by it. */
export interface Snapshot extends AsyncDisposable {
  /**
   * The rows of each query, in order.
   * @throws AnswerTooLarge when an answer exceeds the target's limits: ask for less
   * @throws SnapshotLost when the state can no longer be read: begin again with a new snapshot
   * @throws TARGET_UNREACHABLE, TARGET_AUTH, TARGET_REJECTED
   */
  query(queries: readonly Statement[], options?: QueryOptions): Promise<SqlValue[][][]>;

  /**
   * A token of this state, to be asked for after the first query: as long as a later snapshot has the same one, nothing
   * at all was written in between. Undefined when the target cannot tell.
   */
  version(): Promise<string | undefined>;
}

export interface WriteReceipt {
  /** Rows of each step, in order; empty for steps that return none. */
  readonly results: readonly (readonly SqlValue[][])[];
  /** Rows written in the target's own accounting (a file counts changed rows). */
  readonly rowsWritten: number;
}

/** A moment on a target, as one of its connections knows it. Only the target that made it can read it. */
export interface Mark {
  readonly connection: object;
  /** `PRAGMA data_version`: another one as soon as any other connection has committed. */
  readonly dataVersion: number;
}

export interface WriteOptions {
  /** Write only if nobody else has committed anything since. */
  readonly since?: Mark | undefined;
}

export interface Target {
  /** `remote` speaks HTTP; `file` is a database file on this machine. */
  readonly kind: 'remote' | 'file';
  /** What people see, without secrets: the host, or the path. */
  readonly label: string;
  /** How values are disguised that the channel would spoil. */
  readonly channel: Channel;
  /** Bytes of the largest row that it accepts; undefined when that is beyond any row we could hold ourselves. */
  readonly maxRowBytes: number | undefined;

  /** The state that the first query finds. Nothing is sent before it. */
  snapshot(signal: AbortSignal): Snapshot;

  /**
   * From here on {@link write} can tell whether anybody else has written: every write of this target goes through the
   * connection that was marked. Undefined where that cannot be told.
   * @throws TARGET_UNREACHABLE, TARGET_AUTH, TARGET_REJECTED
   */
  mark(signal: AbortSignal): Promise<Mark | undefined>;

  /**
   * Runs all `steps` in one transaction with foreign keys and cascades off, or none of them.
   * @throws MarkLost when somebody else has committed `since`, or nobody can say: nothing was changed
   * @throws StepFailed when a step failed: nothing was changed
   * @throws TARGET_BUSY when the write lock could not be had or was lost: nothing was changed
   * @throws TARGET_FULL, TARGET_BLOCKED, TARGET_THROTTLED, TARGET_REJECTED, TARGET_AUTH, TARGET_UNREACHABLE: nothing was
   *   changed; but when their state is `unknown`, it was the commit that failed, and its effect must be asked
   * @throws AnswerLost when the answer did not arrive: whether it was committed must be asked
   */
  write(steps: readonly Statement[], signal: AbortSignal, options?: WriteOptions): Promise<WriteReceipt>;

  [Symbol.asyncDispose](): Promise<void>;
}

/** Answers to `queries` from one snapshot, at once; for answers that are small. */
export async function ask(
  target: Target,
  queries: readonly Statement[],
  signal: AbortSignal,
): Promise<SqlValue[][][]> {
  await using snapshot = target.snapshot(signal);
  return await snapshot.query(queries, { last: true });
}

/** A step of a `write` failed and the transaction was rolled back. */
export class StepFailed extends Error {
  /** Position in the `steps` given to `write`. */
  readonly step: number;
  constructor(step: number, message: string) {
    super(message);
    this.step = step;
  }
}

/** A `write` was sent, and no answer came back. */
export class AnswerLost extends Error {}

/** Somebody else has committed since the mark, or the connection that would know is gone. */
export class MarkLost extends Error {}

export class AnswerTooLarge extends Error {}

export class SnapshotLost extends Error {}
