/**
 * Last-moment cleanup. Servers and temporary folders register what must not outlive this process; the one listener
 * for all of them is present only while something is registered.
 */
const cleanups = new Set<() => void>();

function runAll(): void {
  for (const cleanup of cleanups) cleanup();
}

/** Runs `cleanup`, which must be synchronous, when the process exits. Returns the way to take it back. */
export function onProcessExit(cleanup: () => void): () => void {
  if (cleanups.size === 0) process.on('exit', runAll);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) process.off('exit', runAll);
  };
}
