/** The other side of `apart.ts`: opens the module it is told, and does what is asked, one call after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Call, END, packError, type Reply, type Task, type Verbs } from './apart.ts';

const { module, input, ended } = workerData as Task;
const opened: Promise<Verbs> = import(module).then(({ open }: { open: (input: unknown) => Verbs }) =>
  open(input),
);
// Each call awaits it and reports its failure.
opened.catch(() => undefined);

let last = Promise.resolve();
parentPort?.on('message', (call: Call | typeof END) => {
  last = last.then(() => (call === END ? close() : answer(call)));
});

/** With its port the thread ends, too. */
async function close(): Promise<void> {
  const verbs = await opened.catch(() => undefined);
  verbs?.[Symbol.dispose]();
  parentPort?.close();
}

async function answer({ id, verb, args }: Call): Promise<void> {
  if (Atomics.load(ended, 0) === 1) return;
  let reply: Reply;
  try {
    const verbs = await opened;
    reply = { id, result: await verbs[verb]?.(...args) };
  } catch (error) {
    reply = { id, error: packError(error) };
  }
  parentPort?.postMessage(reply);
}
