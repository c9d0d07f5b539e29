/**
 * Does many jobs that do not depend on each other and may be done twice. {@link runJobs} is all that uploading knows of
 * "many at once": a queue on a server, drained by many workers, would stand behind the same function.
 *
 * Jobs are taken from their source one by one, so memory holds those under way and those that wait for another try.
 */
import { StoreError } from '../assets/asset-store.ts';
import { backoffMs } from '../util/wait.ts';
import type { AdaptiveLimit, Slot } from './adaptive-limit.ts';
import type { RetryPolicy } from './retry-policy.ts';

export interface Job {
  readonly sizeBytes: number;
}

export interface JobFailure<J> {
  readonly job: J;
  /** Of its last try. */
  readonly error: StoreError;
}

export interface JobReport<J> {
  readonly failures: readonly JobFailure<J>[];
  /** Jobs that were not begun, or not finished, because everything stopped. */
  readonly untried: number;
  /** Why everything stopped before its time; undefined when it did not. */
  readonly stoppedBy: StopReason | undefined;
}

/** `budget`: more retries than a store that is alive should need. `long-pause`: the store asked for one. */
export type StopReason = 'credentials' | 'down' | 'budget' | 'long-pause';

/** Does one job. It must end soon after `signal` is aborted. @throws StoreError; the signal's reason after an abort */
export type Work<J> = (job: J, signal: AbortSignal) => Promise<void>;

export interface QueueOptions<J> {
  readonly limit: AdaptiveLimit;
  /** How many jobs there are; undefined when nobody knows. */
  readonly count?: number;
  readonly policy: RetryPolicy;
  /** Nothing begins after an abort, and what is under way is told to end. */
  readonly signal: AbortSignal;
  readonly onRetry: (job: J, attempt: number, error: StoreError, waitMs: number) => void;
}

/** @throws whatever `work` throws that is no StoreError, after everything else has ended */
export function runJobs<J extends Job>(
  jobs: Iterable<J>,
  work: Work<J>,
  options: QueueOptions<J>,
): Promise<JobReport<J>> {
  return new JobQueue(jobs, work, options).run();
}

/** After so long, an upload that was not turned away was let in, in ms. */
const HEAD_START_MS = 100;
/** With so many jobs waiting for another try, no new one is taken: a store that fails gets no more to fail at. */
const MAX_ASLEEP = 64;

interface Attempt<J> {
  readonly job: J;
  readonly number: number;
  /** Why the one before failed. */
  readonly lastError?: StoreError;
}

class JobQueue<J extends Job> {
  readonly #source: Iterator<J>;
  readonly #work: Work<J>;
  readonly #options: QueueOptions<J>;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  readonly #due: Attempt<J>[] = [];
  readonly #asleep = new Map<Attempt<J>, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  readonly #underWay = new Set<AbortController>();
  readonly #failures: JobFailure<J>[] = [];
  #untried = 0;
  #stoppedBy: StopReason | undefined;
  #bug: { readonly error: unknown } | undefined;

  #begun = 0;
  #retries = 0;
  #failuresInARow = 0;
  #lastSuccess = performance.now();
  /** The store asked for silence until then. */
  #pausedUntil = 0;
  #change = Promise.withResolvers<void>();

  constructor(jobs: Iterable<J>, work: Work<J>, options: QueueOptions<J>) {
    this.#source = jobs[Symbol.iterator]();
    this.#work = work;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
  }

  async run(): Promise<JobReport<J>> {
    const wake = () => this.#change.resolve();
    const stop = () => {
      for (const own of this.#underWay) own.abort(this.#signal.reason);
      wake();
    };
    this.#signal.addEventListener('abort', stop);
    const headStart = setTimeout(() => {
      this.#options.limit.headStart();
      wake();
    }, HEAD_START_MS);
    while (!this.#signal.aborted) {
      const pauseMs = this.#pausedUntil - performance.now();
      if (pauseMs <= 0) this.#begin();
      if (this.#running.size + this.#asleep.size + this.#due.length === 0) break;
      const timer = pauseMs > 0 ? setTimeout(wake, pauseMs) : undefined;
      await this.#change.promise;
      clearTimeout(timer);
      this.#change = Promise.withResolvers();
    }
    clearTimeout(headStart);
    this.#signal.removeEventListener('abort', stop);
    await Promise.all(this.#running);
    this.#abandonTheRest();
    if (this.#bug) throw this.#bug.error;
    return { failures: this.#failures, untried: this.#untried, stoppedBy: this.#stoppedBy };
  }

  /** As many as there is room for. */
  #begin(): void {
    const { limit } = this.#options;
    while (limit.running < limit.limit) {
      const attempt = this.#next();
      if (!attempt) return;
      const done = this.#try(attempt, limit.start()).finally(() => {
        this.#running.delete(done);
        this.#change.resolve();
      });
      this.#running.add(done);
    }
  }

  #next(): Attempt<J> | undefined {
    const again = this.#due.shift();
    if (again) return again;
    if (this.#asleep.size >= MAX_ASLEEP) return undefined;
    const { value, done } = this.#source.next();
    if (done) return undefined;
    this.#begun++;
    return { job: value, number: 1 };
  }

  async #try(attempt: Attempt<J>, slot: Slot): Promise<void> {
    const { job } = attempt;
    // Not AbortSignal.timeout: its timers live on after the try, and with them all that belongs to it.
    const own = new AbortController();
    this.#underWay.add(own);
    const timeoutMs = this.#options.policy.attemptMs(job.sizeBytes);
    const late = new Error('too late');
    const timer = setTimeout(() => own.abort(late), timeoutMs);
    try {
      await this.#work(job, own.signal);
      slot.end('succeeded', this.#waiting());
      this.#lastSuccess = performance.now();
      this.#failuresInARow = 0;
    } catch (thrown) {
      const isLate = own.signal.reason === late && !(thrown instanceof StoreError);
      const error = isLate ? noAnswer(timeoutMs, thrown) : thrown;
      if (this.#signal.aborted) {
        slot.end('neither');
        this.#abandon(attempt);
      } else if (error instanceof StoreError) {
        const passing = error.kind === 'passing';
        slot.end(passing ? (error.throttled ? 'throttled' : 'failed') : 'neither');
        if (passing) this.#failed(attempt, error);
        else this.#failures.push({ job, error });
        if (error.kind === 'credentials') this.#halt('credentials');
      } else {
        slot.end('neither');
        this.#bug ??= { error };
        this.#stop.abort();
      }
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(own);
    }
  }

  #waiting(): number {
    const { count = Number.POSITIVE_INFINITY } = this.#options;
    return count - this.#begun + this.#due.length + this.#asleep.size;
  }

  #failed({ job, number }: Attempt<J>, error: StoreError): void {
    const { attempts, longestPauseMs, down, budget } = this.#options.policy;
    const pauseMs = error.retryAfterMs ?? 0;
    const now = performance.now();
    if (number >= attempts) this.#failures.push({ job, error });
    else this.#sleepBefore({ job, number: number + 1, lastError: error }, pauseMs);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
    this.#failuresInARow++;
    if (pauseMs > longestPauseMs) this.#halt('long-pause');
    if (this.#failuresInARow >= down.failures && now - this.#lastSuccess > down.ms) this.#halt('down');
    if (this.#retries > budget.spare + budget.perFile * this.#begun) this.#halt('budget');
  }

  /** It holds no slot while it waits. */
  #sleepBefore(attempt: Attempt<J> & { lastError: StoreError }, pauseMs: number): void {
    const { policy, onRetry } = this.#options;
    const failed = attempt.number - 1;
    // The jitter comes on top, so that not everybody is back at the very moment that the store named.
    const waitMs = pauseMs + backoffMs(failed, policy.backoff);
    this.#retries++;
    onRetry(attempt.job, failed, attempt.lastError, waitMs);
    const timer = setTimeout(() => {
      this.#asleep.delete(attempt);
      this.#due.push(attempt);
      this.#change.resolve();
    }, waitMs);
    this.#asleep.set(attempt, timer);
  }

  #halt(reason: StopReason): void {
    this.#stoppedBy ??= reason;
    this.#stop.abort();
  }

  #abandonTheRest(): void {
    for (const [attempt, timer] of this.#asleep) {
      clearTimeout(timer);
      this.#abandon(attempt);
    }
    for (const attempt of this.#due) this.#abandon(attempt);
    if (!this.#signal.aborted) return;
    while (!this.#source.next().done) this.#untried++;
  }

  /** One that has failed before has a reason to tell. */
  #abandon({ job, lastError }: Attempt<J>): void {
    if (lastError) this.#failures.push({ job, error: lastError });
    else this.#untried++;
  }
}

function noAnswer(timeoutMs: number, cause: unknown): StoreError {
  return new StoreError(`no answer within ${Math.ceil(timeoutMs / 1_000)} s`, { kind: 'passing', cause });
}
