/**
 * Calls into native code that run in threads. They cannot be broken off: a thread that is stopped inside one takes the whole
 * process with it, because the binding finds its engine gone. So nobody stops such a thread, nobody waits for it either but
 * whoever ends the process, and what must come after it is done when it is over.
 */
let running = 0;
let onIdle: (() => void)[] = [];
const later = new Set<Promise<void>>();

export function nativeCallBegan(): void {
  running++;
}

export function nativeCallEnded(): void {
  running--;
  if (running > 0) return;
  const waiting = onIdle;
  onIdle = [];
  for (const resolve of waiting) resolve();
}

export function isNativeWorkRunning(): boolean {
  return running > 0;
}

/** Resolves when no such call is running, and what was put off until then is done. */
export async function nativeWorkDone(): Promise<void> {
  while (running > 0 || later.size > 0) {
    await idle();
    await Promise.allSettled([...later]);
  }
}

/** Does `work` at once and awaits it, or, while such a call is running, puts it off and returns. */
export async function afterNativeWork(work: () => Promise<void>): Promise<void> {
  if (running === 0) return work();
  const promise = idle()
    .then(work)
    .finally(() => later.delete(promise));
  later.add(promise);
  // Nobody awaits it who could do anything about a failure.
  promise.catch(() => undefined);
}

function idle(): Promise<void> {
  return running === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve));
}
