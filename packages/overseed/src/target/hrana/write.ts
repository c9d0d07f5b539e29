/**
 * The one atomic batch. Each step runs only if the one before it succeeded *and* the transaction is still open:
 * a server takes the write lock away from a transaction that is older than its window, rolls it back, and would
 * run the remaining steps one by one in autocommit. With the guard they are skipped.
 */
import { OverseedError } from '../../model/error.ts';
import type { SqlValue } from '../../model/value.ts';
import { AnswerLost, type Statement, StepFailed, type WriteReceipt } from '../target.ts';
import type { HranaAddress } from './address.ts';
import { ConnectionFailed, HttpRefusal, post } from './client.ts';
import { type HranaError, isFinal, isLockError, isRefusedUnread, plainMessage } from './errors.ts';
import { busy, rejected, toRefusal, unreachable } from './refusals.ts';
import { withoutHaste } from './throttle.ts';
import { fromHrana, type HranaValue, toHrana } from './values.ts';

/** Longest wait for the answer to a batch, in ms. Then the outcome is asked for instead. */
const ANSWER_MS = 120_000;

interface StepResult {
  readonly rows: readonly (readonly HranaValue[])[];
  readonly rows_written?: number;
}

interface BatchResult {
  readonly step_results: readonly (StepResult | null)[];
  readonly step_errors: readonly (HranaError | null)[];
}

interface PipelineResponse {
  readonly baton: string | null;
  readonly results: readonly (
    | { readonly type: 'ok'; readonly response: { readonly type: string; readonly result?: BatchResult } }
    | { readonly type: 'error'; readonly error: HranaError }
  )[];
}

/** A connection on the server that outlives one request. Its baton is spent with each request, and null while that lasts. */
export interface Stream {
  baton: string | null;
}

/** Steps that come before the caller's own: foreign keys off (a no-op inside a transaction), then BEGIN. */
const OWN_STEPS = 2;

function guardedBatch(steps: readonly Statement[]) {
  const open = { type: 'not', cond: { type: 'is_autocommit' } };
  const after = (step: number) => ({ type: 'and', conds: [{ type: 'ok', step }, open] });
  const commit = OWN_STEPS + steps.length;
  return [
    { stmt: { sql: 'PRAGMA foreign_keys=OFF' } },
    { condition: { type: 'ok', step: 0 }, stmt: { sql: 'BEGIN IMMEDIATE' } },
    ...steps.map(({ sql, args = [] }, index) => ({
      condition: after(index + 1),
      stmt: { sql, args: args.map(toHrana) },
    })),
    { condition: after(commit - 1), stmt: { sql: 'COMMIT' } },
    {
      condition: { type: 'and', conds: [{ type: 'not', cond: { type: 'ok', step: commit } }, open] },
      stmt: { sql: 'ROLLBACK' },
    },
  ];
}

/** @param stream where it runs; by default on one of its own, which ends with it */
export async function writeBatch(
  address: HranaAddress,
  steps: readonly Statement[],
  signal: AbortSignal,
  stream?: Stream,
): Promise<WriteReceipt> {
  // Once sent, the batch is not called back: its answer is awaited, whatever the user presses.
  signal.throwIfAborted();
  const batch = { type: 'batch', batch: { steps: guardedBatch(steps) } };
  const body = { baton: stream?.baton ?? null, requests: stream ? [batch] : [batch, { type: 'close' }] };
  if (stream) stream.baton = null;
  const answer = await send(address, body, signal);
  if (stream) stream.baton = answer.baton;
  const first = answer.results[0];
  if (!first) throw new AnswerLost('the server sent no result');
  if (first.type === 'error') {
    if (isRefusedUnread(first.error)) throw rejected(address, first.error);
    // The batch may have run to its end and only its answer been too large.
    throw new AnswerLost(plainMessage(first.error));
  }
  const result = first.response.result;
  const commit = OWN_STEPS + steps.length;
  if (!result) throw new AnswerLost('the server sent no batch result');
  if (!result.step_results[commit]) throw failureOf(address, result, steps.length);
  return {
    results: result.step_results
      .slice(OWN_STEPS, commit)
      .map((step) => (step?.rows ?? []).map((row) => row.map(fromHrana) as SqlValue[])),
    rowsWritten: result.step_results.reduce((sum, step) => sum + (step?.rows_written ?? 0), 0),
  };
}

/** @param signal ends the waiting while the server asks for patience; nothing was done by then */
async function send(address: HranaAddress, body: unknown, signal: AbortSignal): Promise<PipelineResponse> {
  const request = () => post(address, '/v3/pipeline', body, AbortSignal.timeout(ANSWER_MS));
  try {
    const response = await withoutHaste(address, request, signal);
    return (await response.json()) as PipelineResponse;
  } catch (error) {
    if (error instanceof OverseedError || signal.reason === error) throw error;
    if (error instanceof ConnectionFailed && !error.sent) throw unreachable(address, error);
    if (error instanceof HttpRefusal && error.status < 500 && error.status !== 408)
      throw toRefusal(address, error);
    throw new AnswerLost(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function failureOf(address: HranaAddress, result: BatchResult, stepCount: number): Error {
  const index = result.step_errors.findIndex((error) => error !== null);
  const error = result.step_errors[index];
  // No error and no commit: a guard found the transaction gone.
  if (!error || isLockError(error))
    return busy(address, error ? plainMessage(error) : 'the write lock was taken away');
  const step = index - OWN_STEPS;
  // A COMMIT that fails leaves nothing behind; but where a disk fails, only the database itself can say so.
  if (step === stepCount) return rejected(address, error).withState('unknown');
  return step >= 0 && !isFinal(error) ? new StepFailed(step, plainMessage(error)) : rejected(address, error);
}
