/**
 * Locks of other programs. They are asked for again and again instead of waited for inside the engine, which would hold
 * up this thread: Ctrl-C and progress want an answer meanwhile.
 */
import { isBusy } from '../../sqlite/engine-error.ts';
import { wait } from '../../util/wait.ts';

const ASK_AGAIN_MS = 20;

/**
 * Runs `work` as soon as nobody else has the file locked.
 * @param work is run again as long as the engine says that the file is busy
 * @throws the engine's own error when it still says so after `patienceMs`
 */
export async function whenFree<T>(
  work: () => T | Promise<T>,
  patienceMs: number,
  signal: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await wait(ASK_AGAIN_MS, signal);
    }
  }
}
