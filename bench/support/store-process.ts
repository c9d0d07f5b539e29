/** Cloudinary's emulator in a process of its own, so that it does not compete with what is measured for one thread. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type CountersView, startCloudinary } from '../../packages/local-cloud/src/index.ts';
import type { CloudinaryAccount } from '../../packages/overseed/src/model/cloudinary-account.ts';

interface Wanted {
  readonly uploadConcurrency: number;
  /** Of each upload, in ms. */
  readonly latencyMs: number;
}

export interface StoreProcess extends AsyncDisposable {
  readonly account: CloudinaryAccount;
  counters(): Promise<CountersView>;
}

export async function startStore(wanted: Wanted): Promise<StoreProcess> {
  const child = fork(import.meta.filename, [JSON.stringify(wanted)]);
  const [account] = (await once(child, 'message')) as [CloudinaryAccount];
  return {
    account,
    async counters() {
      child.send('counters');
      const [counters] = (await once(child, 'message')) as [CountersView];
      return counters;
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function serve({ uploadConcurrency, latencyMs }: Wanted): Promise<void> {
  const emulator = await startCloudinary({ uploadConcurrency });
  if (latencyMs > 0) emulator.faults.set({ kind: 'latency', ms: latencyMs, route: 'upload' });
  const { cloudName, apiKey, apiSecret, url } = emulator;
  process.on('message', () => process.send?.(emulator.counters()));
  process.on('disconnect', () => void emulator.stop());
  process.send?.({
    cloudName,
    apiKey,
    apiSecret,
    apiBase: url,
    deliveryBase: url,
  } satisfies CloudinaryAccount);
}

if (process.argv[1] === import.meta.filename) await serve(JSON.parse(process.argv[2] ?? '{}') as Wanted);
