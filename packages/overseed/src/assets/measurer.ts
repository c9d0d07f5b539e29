/**
 * Measures many files at once, in a few threads: hashing 100 000 files must not hold up the thread that answers the user, and
 * a disk that does not answer must not either. A thread has one file open at a time.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { MeasuredFile } from './measure-file.ts';
import type { MeasureAnswer, MeasureBatch } from './measure-worker.ts';
import { UnusableFile } from './unusable-file.ts';

/** Most files that are sent to a thread together. Waking it costs as much as several small files. */
const BATCH_FILES = 64;
/** As long as a batch should take, so that large files are spread over the threads, in ms. */
const BATCH_MS = 5;
/** Batches that wait at a thread: it goes on while the one that fills it is busy with something else. */
const BATCHES_AHEAD = 4;
const MOST_THREADS = 4;

/** Receives the file, or what is wrong: an UnusableFile, or why it is not measured at all. */
export type Measured = (file: MeasuredFile | undefined, problem: unknown) => void;

interface Job {
  readonly root: string;
  readonly path: string;
  readonly done: Measured;
}

interface Thread {
  readonly worker: Worker;
  /** What it was sent and has not answered, in order. */
  readonly batches: (readonly Job[])[];
}

export class Measurer implements Disposable {
  readonly #threads: Thread[] = [];
  readonly #mostThreads = Math.min(MOST_THREADS, availableParallelism());
  #waiting: Job[] = [];
  #isScheduled = false;
  /** How long a file took lately, in ms; a small one, until something is known. */
  #fileMs = 0.05;

  /**
   * @param root absolute
   * @throws UnusableFile
   */
  measure(root: string, path: string): Promise<MeasuredFile> {
    return new Promise((resolve, reject) => {
      this.begin(root, path, (file, problem) => (file ? resolve(file) : reject(problem)));
    });
  }

  /** Like {@link measure}, for very many: promises would cost as much as the rest. */
  begin(root: string, path: string, done: Measured): void {
    this.#waiting.push({ root, path, done });
    if (this.#waiting.length >= BATCH_FILES) this.#send();
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      // Others may be asked for in the same breath, and then travel together.
      setImmediate(() => {
        this.#isScheduled = false;
        this.#send();
      });
    }
  }

  #send(): void {
    const share = Math.ceil(this.#waiting.length / this.#mostThreads);
    const inTime = Math.floor(BATCH_MS / this.#fileMs);
    const size = Math.max(
      1,
      Math.min(BATCH_FILES, this.#waiting.length < BATCH_FILES ? share : BATCH_FILES, inTime),
    );
    while (this.#waiting.length > 0) {
      const thread = this.#leastBusy();
      if (!thread) return; // All have enough to do; whichever is done first goes on.
      const batch = this.#waiting.splice(0, size);
      thread.batches.push(batch);
      thread.worker.ref();
      const message: MeasureBatch = { files: batch.map(({ root, path }) => ({ root, path })) };
      thread.worker.postMessage(message);
    }
  }

  #leastBusy(): Thread | undefined {
    const [first] = [...this.#threads].sort((a, b) => a.batches.length - b.batches.length);
    if (first?.batches.length === 0) return first;
    if (this.#threads.length < this.#mostThreads) return this.#addThread();
    return first && first.batches.length < BATCHES_AHEAD ? first : undefined;
  }

  #addThread(): Thread {
    // The same module as it lies beside this one: TypeScript in the repository, JavaScript in the package.
    const file = new URL(`./measure-worker${import.meta.url.slice(-3)}`, import.meta.url);
    // Flags of this process, such as those for a program on the command line, are not meant for it.
    const thread: Thread = { worker: new Worker(file, { execArgv: [] }), batches: [] };
    thread.worker.on('message', (answer: MeasureAnswer) => this.#settle(thread, answer));
    thread.worker.on('error', (error) => this.#fail(thread, error));
    this.#threads.push(thread);
    return thread;
  }

  #settle(thread: Thread, answer: MeasureAnswer): void {
    const batch = thread.batches.shift() ?? [];
    // In the thread's own time: what a message takes is no reason for shorter batches.
    this.#fileMs = (this.#fileMs + answer.ms / batch.length) / 2;
    // An idle thread keeps nobody from ending the process.
    if (thread.batches.length === 0) thread.worker.unref();
    for (const [index, job] of batch.entries()) {
      const measured = answer.files[index];
      if (typeof measured === 'object') job.done(measured, undefined);
      else job.done(undefined, new UnusableFile(measured ?? 'was not measured'));
    }
    this.#send();
  }

  #fail(thread: Thread, error: Error): void {
    this.#threads.splice(this.#threads.indexOf(thread), 1);
    for (const job of thread.batches.flat()) job.done(undefined, error);
    this.#send();
  }

  /** Ends the threads at once, also where one waits for a disk that does not answer. */
  end(reason: unknown): void {
    const jobs = [...this.#threads.flatMap(({ batches }) => batches.flat()), ...this.#waiting];
    this.#waiting = [];
    for (const { worker } of this.#threads.splice(0)) void worker.terminate();
    for (const job of jobs) job.done(undefined, reason);
  }

  [Symbol.dispose](): void {
    this.end(new Error('The files are not measured any more.'));
  }
}
