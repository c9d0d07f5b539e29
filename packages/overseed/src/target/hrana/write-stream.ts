/**
 * The connection that a run writes through, once it has asked for a mark. SQLite tells each connection whether any
 * *other* one has committed (`PRAGMA data_version`); so all writes of the run share one, and whatever makes the number
 * another one was somebody else. A number means nothing on another connection: when the stream is lost, so is the mark.
 */
import type { SqlValue } from '../../model/value.ts';
import { backoffMs, wait } from '../../util/wait.ts';
import { assertEquals } from '../assert-equals.ts';
import { type Mark, MarkLost, type Statement, StepFailed, type WriteReceipt } from '../target.ts';
import type { HranaAddress } from './address.ts';
import { ConnectionFailed, HttpRefusal, post } from './client.ts';
import { toReadError } from './refusals.ts';
import { withoutHaste } from './throttle.ts';
import { fromHrana, type HranaValue } from './values.ts';
import { type Stream, writeBatch } from './write.ts';

const ANSWER_MS = 30_000;
const ATTEMPTS = 4;
/** A server ends a stream that rests for ten seconds. */
const LONGEST_REST_MS = 3_000;
/** Longest time for which keeping it awake may hold up a write. */
const AWAKE_MS = 5_000;

/** As a query, so that it can be asked inside a batch too. */
const DATA_VERSION = 'SELECT data_version FROM pragma_data_version';
/** Writes need it; and a server may end a stream on which nothing was set, however busy it is. */
const SETTING = 'PRAGMA foreign_keys=OFF';

export class WriteStream implements AsyncDisposable {
  readonly #address: HranaAddress;
  readonly #close: (baton: string) => void;
  readonly #ended = new AbortController();
  /** Its identity is what a mark remembers. */
  #stream: Stream | undefined;
  /** A stream takes one request at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #rest: NodeJS.Timeout | undefined;

  /** @param close is called with the baton of a stream that is no longer needed */
  constructor(address: HranaAddress, close: (baton: string) => void) {
    this.#address = address;
    this.#close = close;
  }

  mark(signal: AbortSignal): Promise<Mark | undefined> {
    return this.#inTurn(async () => {
      for (let attempt = 1; ; attempt++) {
        const stream = this.#stream ?? { baton: null };
        try {
          const dataVersion = await readDataVersion(this.#address, stream, signal);
          this.#stream = stream;
          return typeof dataVersion === 'bigint' && stream.baton !== null
            ? { connection: stream, dataVersion: Number(dataVersion) }
            : undefined;
        } catch (error) {
          signal.throwIfAborted();
          const wasOpen = this.#stream !== undefined;
          this.#drop();
          if (wasOpen) continue;
          if (attempt >= ATTEMPTS || !isPassing(error)) throw toReadError(this.#address, error);
          await wait(backoffMs(attempt, { baseMs: 200, maxMs: 3_000 }), signal);
        }
      }
    });
  }

  async write(
    steps: readonly Statement[],
    signal: AbortSignal,
    since: Mark | undefined,
  ): Promise<WriteReceipt> {
    if (!since && !this.#stream) return writeBatch(this.#address, steps, signal);
    return this.#inTurn(async () => {
      const stream = this.#stream;
      if (since && since.connection !== stream) throw new MarkLost('its connection is gone');
      if (!stream) return writeBatch(this.#address, steps, signal);
      try {
        return since
          ? await writeSince(since, steps, (all) => writeBatch(this.#address, all, signal, stream))
          : await writeBatch(this.#address, steps, signal, stream);
      } catch (error) {
        // Whatever state it is in: another one begins with a clean slate.
        this.#drop();
        if (!isUnknown(error)) throw error;
        if (since) throw new MarkLost('the server has ended its connection', { cause: error });
        return writeBatch(this.#address, steps, signal);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#turn;
    clearTimeout(this.#rest);
    this.#drop();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      clearTimeout(this.#rest);
      try {
        return await work();
      } finally {
        if (this.#stream?.baton === null) this.#stream = undefined;
        if (this.#stream) this.#rest = setTimeout(() => void this.#stayAwake(), LONGEST_REST_MS).unref();
      }
    });
    // Whoever asked for it learns of its failure; the next one only waits for its end.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #stayAwake(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#stream) return;
      try {
        const either = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(AWAKE_MS)]);
        await readDataVersion(this.#address, this.#stream, either);
      } catch {
        // Then it is lost, and its mark with it, which is found out when that is needed.
        this.#drop();
      }
    });
  }

  #drop(): void {
    if (this.#stream?.baton) this.#close(this.#stream.baton);
    this.#stream = undefined;
  }
}

/** The mark is looked at inside the transaction, where nobody else can commit any more. */
async function writeSince(
  { dataVersion }: Mark,
  steps: readonly Statement[],
  write: (steps: readonly Statement[]) => Promise<WriteReceipt>,
): Promise<WriteReceipt> {
  try {
    const { results, ...receipt } = await write([assertEquals(DATA_VERSION, dataVersion), ...steps]);
    return { ...receipt, results: results.slice(1) };
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    if (error.step === 0) throw new MarkLost('somebody else has written', { cause: error });
    throw new StepFailed(error.step - 1, error.message);
  }
}

/** @returns undefined when the server refuses to say */
async function readDataVersion(
  address: HranaAddress,
  stream: Stream,
  signal: AbortSignal,
): Promise<SqlValue | undefined> {
  const requests = [SETTING, DATA_VERSION].map((sql) => ({ type: 'execute', stmt: { sql } }));
  const body = { baton: stream.baton, requests };
  stream.baton = null;
  const request = () =>
    post(address, '/v3/pipeline', body, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]));
  const response = await withoutHaste(address, request, signal);
  const answer = (await response.json().catch((error: unknown) => {
    throw new ConnectionFailed('the answer was cut off', true, error);
  })) as { baton: string | null; results: { response?: { result?: { rows: HranaValue[][] } } }[] };
  stream.baton = answer.baton;
  const cell = answer.results[1]?.response?.result?.rows[0]?.[0];
  return cell && fromHrana(cell);
}

function isPassing(error: unknown): boolean {
  if (error instanceof HttpRefusal) return error.status === 408 || error.status >= 500;
  return error instanceof ConnectionFailed;
}

/** The server does not know the baton, so it has done nothing. */
function isUnknown(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof HttpRefusal && (cause.status === 400 || cause.status === 404);
}
