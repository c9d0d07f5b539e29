/** The other side of `apart.ts`: opens the module it is told, and does what is asked, one call after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Call, packError, type Reply, type Task, type Verbs } from './apart.ts';

const { module, input } = workerData as Task;
const opened: Promise<Verbs> = import(module).then(({ open }: { open: (input: unknown) => Verbs }) =>
  open(input),
);
// Each call awaits it and reports its failure.
opened.catch(() => undefined);

let last = Promise.resolve();
parentPort?.on('message', (call: Call) => {
  last = last.then(() => answer(call));
});

async function answer({ id, verb, args }: Call): Promise<void> {
  let reply: Reply;
  try {
    const verbs = await opened;
    reply = { id, result: await verbs[verb]?.(...args) };
  } catch (error) {
    reply = { id, error: packError(error) };
  }
  parentPort?.postMessage(reply);
}
