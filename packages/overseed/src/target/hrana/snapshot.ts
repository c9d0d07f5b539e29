/** One read transaction on the server, kept open between requests by the stream's baton. */
import type { SqlValue } from '../../model/value.ts';
import { backoffMs, wait } from '../../util/wait.ts';
import { AnswerTooLarge, type QueryOptions, type Snapshot, SnapshotLost, type Statement } from '../target.ts';
import type { HranaAddress } from './address.ts';
import { ConnectionFailed, HttpRefusal, post } from './client.ts';
import { type HranaError, isLockError, isTooLarge } from './errors.ts';
import { logIdentity } from './log-identity.ts';
import { busy, rejected, toReadError } from './refusals.ts';
import { withoutHaste } from './throttle.ts';
import { fromHrana, type HranaValue, toHrana } from './values.ts';

/** Longest wait for one answer, in ms. */
const ANSWER_MS = 60_000;
const ATTEMPTS = 4;

interface PipelineResponse {
  readonly baton: string | null;
  readonly results: readonly (
    | {
        readonly type: 'ok';
        readonly response: {
          readonly result?: {
            readonly rows: readonly (readonly HranaValue[])[];
            /** Number of the last frame in the server's log. */
            readonly replication_index?: string | null;
          };
        };
      }
    | { readonly type: 'error'; readonly error: HranaError }
  )[];
}

/** @param closeStream called once with the baton of a stream that is no longer needed */
export function openSnapshot(
  address: HranaAddress,
  signal: AbortSignal,
  closeStream: (baton: string) => void,
): Snapshot {
  let baton: string | null = null;
  let begun = false;
  /** Of `BEGIN`, which comes before the snapshot is taken: no write can have come in between unnoticed. */
  let frame: string | undefined;

  async function ask(
    queries: readonly Statement[],
    { last = false, undecoded = false }: QueryOptions,
  ): Promise<SqlValue[][][]> {
    const statements = begun ? queries : [{ sql: 'BEGIN' }, ...queries];
    const requests: unknown[] = statements.map(({ sql, args = [] }) => ({
      type: 'execute',
      stmt: { sql, args: args.map(toHrana) },
    }));
    if (last) requests.push({ type: 'close' });
    const body = { baton, requests };
    const request = () =>
      post(address, '/v3/pipeline', body, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]));
    const response = await withoutHaste(address, request, signal);
    const answer = await readBody(response, undecoded);
    baton = last ? null : answer.baton;
    const failed = answer.results.find((result) => result.type === 'error');
    if (failed?.type === 'error') throw toQueryError(address, failed.error);
    const rows = answer.results.map((result) =>
      result.type === 'ok' ? (result.response.result?.rows ?? []) : [],
    );
    if (!begun) frame = frameOf(answer);
    const toValue = undecoded ? toUndecoded : fromHrana;
    return (begun ? rows : rows.slice(1)).map((own) => own.map((row) => row.map(toValue)));
  }

  return {
    async query(queries, options = {}) {
      if (begun)
        return ask(queries, options).catch((error: unknown) =>
          Promise.reject(toLaterError(error, address, signal)),
        );
      // Nothing was handed out yet, so the whole snapshot may be begun again.
      for (let attempt = 1; ; attempt++) {
        try {
          const answers = await ask(queries, options);
          begun = true;
          return answers;
        } catch (error) {
          signal.throwIfAborted();
          if (baton !== null) closeStream(baton);
          baton = null;
          if (attempt === ATTEMPTS && error instanceof LockedForNow) throw busy(address, error.message);
          if (attempt === ATTEMPTS || !isPassing(error)) throw toReadError(address, error);
          await wait(backoffMs(attempt, { baseMs: 200, maxMs: 3_000 }), signal);
        }
      }
    },
    async version() {
      if (frame === undefined) return undefined;
      const log = await logIdentity(address, signal);
      return log && `frame ${frame} of log ${log}`;
    },
    async [Symbol.asyncDispose]() {
      if (baton !== null) closeStream(baton);
      baton = null;
    },
  };
}

/** A text as its bytes. Should a server have escaped more than it must, they are others, and nothing is proved by them. */
function toUndecoded(value: HranaValue): SqlValue {
  return value.type === 'text' ? Buffer.from(value.value, 'latin1') : fromHrana(value);
}

function frameOf({ results: [begin] }: PipelineResponse): string | undefined {
  return begin?.type === 'ok' ? (begin.response.result?.replication_index ?? undefined) : undefined;
}

/** @param undecoded one character for each byte of the UTF-8, instead of decoding it */
async function readBody(response: Response, undecoded: boolean): Promise<PipelineResponse> {
  try {
    if (!undecoded) return (await response.json()) as PipelineResponse;
    const bytes = Buffer.from(await response.arrayBuffer());
    return JSON.parse(bytes.toString('latin1')) as PipelineResponse;
  } catch (error) {
    const isPage = response.headers.get('content-type')?.startsWith('text/html');
    throw new ConnectionFailed(isPage ? 'a web page answered' : 'the answer was cut off', true, error);
  }
}

function toQueryError(address: HranaAddress, error: HranaError): Error {
  if (isTooLarge(error)) return new AnswerTooLarge(error.message);
  return isLockError(error) ? new LockedForNow(error.message) : rejected(address, error);
}

class LockedForNow extends Error {}

function isPassing(error: unknown): boolean {
  if (error instanceof HttpRefusal) return error.status === 408 || error.status >= 500;
  return error instanceof ConnectionFailed || error instanceof LockedForNow;
}

/** The stream is gone with its snapshot: only the caller can begin again. */
function toLaterError(error: unknown, address: HranaAddress, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const gone = error instanceof HttpRefusal && (error.status === 400 || error.status === 404);
  if (gone || isPassing(error))
    return new SnapshotLost(`${address.label}: ${String(error)}`, { cause: error });
  return toReadError(address, error);
}
