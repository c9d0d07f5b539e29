/** Reading through `/v3/cursor`: one batch inside one transaction, its rows streamed as lines of JSON. */
import type { SqlValue } from '../../model/value.ts';
import { backoffMs, wait } from '../../util/wait.ts';
import type { ResultRow, Statement } from '../target.ts';
import { ConnectionFailed, type HranaAddress, HttpRefusal, post } from './client.ts';
import { type HranaError, isLockError, rejected, toReadError } from './errors.ts';
import { fromHrana, type HranaValue, toHrana } from './values.ts';

/** Longest silence of the server, in ms, before we take it for dead. */
const SILENCE_MS = 60_000;
const ATTEMPTS = 4;

type CursorEntry =
  | { readonly type: 'step_begin'; readonly step: number }
  | { readonly type: 'row'; readonly row: readonly HranaValue[] }
  | { readonly type: 'step_end' }
  | { readonly type: 'step_error'; readonly step: number; readonly error: HranaError }
  | { readonly type: 'error'; readonly error: HranaError }
  | { readonly type: 'replication_index' };

export async function* readCursor(
  address: HranaAddress,
  queries: readonly Statement[],
  signal: AbortSignal,
  onBaton: (baton: string) => void,
): AsyncGenerator<ResultRow> {
  for (let attempt = 1; ; attempt++) {
    let yielded = false;
    try {
      for await (const row of readOnce(address, queries, signal, onBaton)) {
        yielded = true;
        yield row;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      // Rows that were handed out cannot be taken back, so only an attempt that gave none is repeated.
      if (yielded || attempt === ATTEMPTS || !isPassing(error)) throw toReadError(address, error);
      await wait(backoffMs(attempt, { baseMs: 200, maxMs: 3_000 }), signal);
    }
  }
}

class LockedForNow extends Error {}

function isPassing(error: unknown): boolean {
  if (error instanceof HttpRefusal) return error.status === 429 || error.status >= 500;
  return error instanceof ConnectionFailed || error instanceof LockedForNow;
}

async function* readOnce(
  address: HranaAddress,
  queries: readonly Statement[],
  signal: AbortSignal,
  onBaton: (baton: string) => void,
): AsyncGenerator<ResultRow> {
  const previousOk = (step: number) => ({ type: 'ok', step });
  const steps = [
    { stmt: { sql: 'BEGIN' } },
    ...queries.map(({ sql, args = [] }, index) => ({
      condition: previousOk(index),
      stmt: { sql, args: args.map(toHrana) },
    })),
    { condition: previousOk(queries.length), stmt: { sql: 'COMMIT' } },
  ];
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`no data for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  try {
    const either = AbortSignal.any([signal, silence.signal]);
    const response = await post(address, '/v3/cursor', { baton: null, batch: { steps } }, either);
    let step = 0;
    let first = true;
    for await (const line of linesOf(response, () => timer.refresh())) {
      if (first) {
        first = false;
        const { baton } = JSON.parse(line) as { baton: string | null };
        if (baton) onBaton(baton);
        continue;
      }
      const entry = JSON.parse(line) as CursorEntry;
      if (entry.type === 'step_begin') step = entry.step;
      else if (entry.type === 'row') yield { query: step - 1, row: entry.row.map(fromHrana) as SqlValue[] };
      else if (entry.type === 'step_error' || entry.type === 'error') {
        if (isLockError(entry.error)) throw new LockedForNow(entry.error.message);
        throw rejected(address, entry.error);
      }
    }
    // The COMMIT is the last step: a body that ends before it was cut off.
    if (step !== steps.length - 1) throw new ConnectionFailed('the answer was cut off', true, undefined);
  } catch (error) {
    if (silence.signal.aborted) throw new ConnectionFailed(String(silence.signal.reason), true, error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function* linesOf(response: Response, onData: () => void): AsyncGenerator<string> {
  if (!response.body) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body) {
      onData();
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim()) yield line;
    }
  } catch (error) {
    throw new ConnectionFailed(error instanceof Error ? error.message : String(error), true, error);
  }
  if (rest.trim()) yield rest;
}
