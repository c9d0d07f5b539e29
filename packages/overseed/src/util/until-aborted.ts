/** Waiting for somebody else's code, which may never come back, only as long as nobody has stopped us. */

/** @throws the signal's reason, even if `work` goes on for ever */
export async function orAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      work().then(resolve, reject);
    });
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}

/** The items of `items`. @throws the signal's reason, also while the next one is being waited for */
export async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  let isDone = false;
  // One listener for all items: a million of them would cost more than the items.
  let stop: ((reason: unknown) => void) | undefined;
  const onAbort = () => stop?.(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const result = await new Promise<IteratorResult<T, unknown>>((resolve, reject) => {
        stop = reject;
        iterator.next().then(resolve, reject);
      });
      isDone = result.done === true;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Lets the code behind it clean up. Nobody waits: it may be what never comes back, and its error is not news.
    if (!isDone) iterator.return?.().catch(() => undefined);
  }
}
