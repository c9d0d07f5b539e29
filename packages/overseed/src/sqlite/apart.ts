/**
 * Local SQL that takes longer than a keystroke may wait runs apart, in a thread of its own. A module of such work
 * exports `open`, which takes plain data and returns its verbs, and its own address; small work is done here, by the same
 * code.
 */
import { Worker } from 'node:worker_threads';
import { type ErrorCode, OverseedError, type TargetState } from '../model/error.ts';
import { nativeCallBegan, nativeCallEnded } from '../util/native-work.ts';

/** Up to this many rows, work is over before a thread would have started. */
export const SMALL_ROWS = 20_000;

/** The verbs that an `open` returns. Arguments and results travel between threads: plain data only. */
// biome-ignore lint/suspicious/noExplicitAny: the verbs of any module
export type Verbs = Disposable & Record<string, (...args: any[]) => unknown>;

export interface Task {
  /** Address of the module whose `open` is called. */
  readonly module: string;
  readonly input: unknown;
}

export interface Call {
  readonly id: number;
  readonly verb: string;
  readonly args: readonly unknown[];
}

/** What an error is on its way from one thread to the other. */
export interface PackedError {
  readonly message: string;
  readonly code: string | undefined;
  readonly overseed: { code: ErrorCode; what: string; state: TargetState; next: string } | undefined;
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: PackedError };

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Somewhere work is done: here, or in another thread. */
export interface Apart<V extends Verbs> extends Disposable {
  /** @throws whatever the verb throws, and the reason of the signal as soon as it is aborted */
  call<Verb extends keyof V & string>(verb: Verb, ...args: Parameters<V[Verb]>): Promise<ReturnType<V[Verb]>>;
}

/**
 * @param open the export of that name of `module`
 * @param module its `import.meta.url`: TypeScript in the repository, JavaScript in the package
 * @param heavy whether it is worth a thread
 */
export function openApart<Input, V extends Verbs>(
  open: (input: Input) => V,
  module: string,
  input: Input,
  { heavy, signal }: { heavy: boolean; signal: AbortSignal },
): Apart<V> {
  signal.throwIfAborted();
  return heavy ? new InThread<V>({ module, input }, signal) : new Here(open(input), signal);
}

class Here<V extends Verbs> implements Apart<V> {
  readonly #verbs: V;
  readonly #signal: AbortSignal;

  constructor(verbs: V, signal: AbortSignal) {
    this.#verbs = verbs;
    this.#signal = signal;
  }

  async call<Verb extends keyof V & string>(verb: Verb, ...args: Parameters<V[Verb]>) {
    this.#signal.throwIfAborted();
    return (await this.#verbs[verb]?.(...args)) as ReturnType<V[Verb]>;
  }

  [Symbol.dispose](): void {
    this.#verbs[Symbol.dispose]();
  }
}

class InThread<V extends Verbs> implements Apart<V> {
  readonly #worker: Worker;
  readonly #signal: AbortSignal;
  /** Whoever still waits for an answer. */
  readonly #waiting = new Map<number, Waiting>();
  /** Calls that the thread has not answered, waited for or not. */
  #unanswered = 0;
  #calls = 0;
  #failure: unknown;
  #isClosed = false;

  constructor(task: Task, signal: AbortSignal) {
    this.#signal = signal;
    this.#worker = new Worker(new URL(`./apart-thread${import.meta.url.slice(-3)}`, import.meta.url), {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    // An idle thread keeps nobody from leaving.
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('the thread has ended')));
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  call<Verb extends keyof V & string>(verb: Verb, ...args: Parameters<V[Verb]>) {
    return new Promise<ReturnType<V[Verb]>>((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      const id = ++this.#calls;
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#unanswered++;
      nativeCallBegan();
      // A call that is running keeps the process alive.
      this.#worker.ref();
      this.#worker.postMessage({ id, verb, args } satisfies Call);
    });
  }

  #abort = () => this.#fail(this.#signal.reason);

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(unpackError(reply.error));
    else waiting?.resolve(reply.result);
    this.#unanswered--;
    if (this.#unanswered === 0) this.#rest();
    nativeCallEnded();
  }

  #rest(): void {
    this.#worker.unref();
    if (this.#isClosed) void this.#worker.terminate();
  }

  /** Nobody waits for answers any more; a statement that is running ends by itself. */
  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }

  /** The thread is gone, with whatever it was doing. */
  #end(error: unknown): void {
    this.#fail(error);
    for (; this.#unanswered > 0; this.#unanswered--) nativeCallEnded();
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#fail(new Error('the thread was closed'));
    this.#isClosed = true;
    if (this.#unanswered === 0) this.#rest();
  }
}

export function packError(error: unknown): PackedError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof OverseedError) {
    const { code, what, state, next } = error;
    return { message, code, overseed: { code, what, state, next } };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return { message, code, overseed: undefined };
}

function unpackError({ message, code, overseed }: PackedError): Error {
  if (overseed) return new OverseedError(overseed.code, overseed);
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}
