import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * Runs a module in a thread of its own, so that this one goes on answering the user.
 * @param file of the module, which finds `task` as its `workerData` and posts one message
 * @returns that message
 */
export async function inThread<T>(file: URL, task: unknown, signal: AbortSignal): Promise<T> {
  const worker = new Worker(file, { workerData: task });
  try {
    const [result] = (await once(worker, 'message', { signal })) as [T];
    return result;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    // A statement that is running ends by itself; nobody waits for it.
    void worker.terminate();
  }
}
