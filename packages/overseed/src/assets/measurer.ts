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
const MOST_THREADS = 4;

interface Job {
  readonly root: string;
  readonly path: string;
  resolve(measured: MeasuredFile): void;
  reject(reason: unknown): void;
}

interface Thread {
  readonly worker: Worker;
  /** What it is working on; empty when it is idle. */
  batch: readonly Job[];
}

export class Measurer implements Disposable {
  readonly #threads: Thread[] = [];
  #waiting: Job[] = [];
  #isStarted = false;
  /** How long a file took lately, in ms; a small one, until something is known. */
  #fileMs = 0.05;

  /**
   * @param root absolute
   * @throws UnusableFile
   */
  measure(root: string, path: string): Promise<MeasuredFile> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ root, path, resolve, reject });
      if (!this.#isStarted) {
        this.#isStarted = true;
        // Others may be asked for in the same breath, and then travel together.
        setImmediate(() => this.#startWork());
      }
    });
  }

  #startWork(): void {
    this.#isStarted = false;
    const most = Math.min(MOST_THREADS, availableParallelism());
    const share = Math.ceil(this.#waiting.length / most);
    const inTime = Math.floor(BATCH_MS / this.#fileMs);
    const size = Math.max(1, Math.min(BATCH_FILES, share, inTime));
    while (this.#waiting.length > 0) {
      const thread = this.#threads.find(({ batch }) => batch.length === 0) ?? this.#addThread(most);
      if (!thread) return; // All are busy; whichever is done first goes on.
      thread.batch = this.#waiting.splice(0, size);
      thread.worker.ref();
      const message: MeasureBatch = { files: thread.batch.map(({ root, path }) => ({ root, path })) };
      thread.worker.postMessage(message);
    }
  }

  #addThread(most: number): Thread | undefined {
    if (this.#threads.length >= most) return undefined;
    // The same module as it lies beside this one: TypeScript in the repository, JavaScript in the package.
    const file = new URL(`./measure-worker${import.meta.url.slice(-3)}`, import.meta.url);
    // Flags of this process, such as those for a program on the command line, are not meant for it.
    const thread: Thread = {
      worker: new Worker(file, { execArgv: [] }),
      batch: [],
    };
    thread.worker.on('message', (answer: MeasureAnswer) => this.#settle(thread, answer));
    thread.worker.on('error', (error) => this.#fail(thread, error));
    this.#threads.push(thread);
    return thread;
  }

  #settle(thread: Thread, answer: MeasureAnswer): void {
    const { batch } = thread;
    thread.batch = [];
    // In the thread's own time: what a message takes is no reason for shorter batches.
    this.#fileMs = (this.#fileMs + answer.ms / batch.length) / 2;
    // An idle thread keeps nobody from ending the process.
    thread.worker.unref();
    for (const [index, job] of batch.entries()) {
      const measured = answer.files[index];
      if (measured === undefined || typeof measured === 'string')
        job.reject(new UnusableFile(measured ?? 'was not measured'));
      else job.resolve(measured);
    }
    this.#startWork();
  }

  #fail(thread: Thread, error: Error): void {
    this.#threads.splice(this.#threads.indexOf(thread), 1);
    for (const job of thread.batch) job.reject(error);
    this.#startWork();
  }

  /** Ends the threads at once, also where one waits for a disk that does not answer. */
  end(reason: unknown): void {
    const jobs = [...this.#threads.flatMap(({ batch }) => batch), ...this.#waiting];
    this.#waiting = [];
    for (const { worker } of this.#threads.splice(0)) void worker.terminate();
    for (const job of jobs) job.reject(reason);
  }

  [Symbol.dispose](): void {
    this.end(new Error('The files are not measured any more.'));
  }
}
