/** The media half: an emulator of Cloudinary's Upload, Admin and delivery APIs on a loopback port. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDataFolder } from '../util/data-folder.ts';
import { AdminQuota } from './admin-quota.ts';
import { type AssetView, viewOf } from './asset.ts';
import { AssetStore } from './asset-store.ts';
import type { Emulation } from './call.ts';
import { type CountersView, createCounters } from './counters.ts';
import { Cdn } from './delivery/cdn.ts';
import { answer } from './exchange.ts';
import { FaultBoard, type Faults } from './fault.ts';
import { SearchIndex } from './search-index.ts';
import { type CloudinaryOptions, type Settings, settle } from './settings.ts';
import { UploadSlots } from './upload-slots.ts';

export interface CloudinaryEmulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`: where uploads, Admin calls and delivery all go. */
  readonly url: string;
  readonly port: number;
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** For `CLOUDINARY_URL`; carries the emulator's address as `upload_prefix` and `delivery_prefix`. */
  readonly cloudinaryUrl: string;
  readonly dataDir: string;
  readonly faults: Faults;
  /** Everything stored now, by public ID. */
  assets(): AssetView[];
  /** A snapshot. */
  counters(): CountersView;
  /** Cuts all connections and throws away a temporary data folder. Safe to call twice. */
  stop(): Promise<void>;
}

export async function startCloudinary(options: CloudinaryOptions = {}): Promise<CloudinaryEmulator> {
  const settings = settle(options);
  const server = createServer({ keepAliveTimeout: 30_000 });
  // The port comes first: it also keeps a second emulator away from a data folder that is in use.
  const port = await listen(server, options.port);
  const url = `http://127.0.0.1:${port}`;
  const slots = new UploadSlots(settings.uploadConcurrency);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const data = openDataFolder(options.dataDir, 'local-cloud-media');
  const opening = data.then(({ path }) => createEmulation(settings, path, url));
  server.on('request', (request, response) => {
    const done = opening
      .then((emulation) => answer({ request, response, emulation, slots, signal: stopping.signal }))
      .catch(() => void response.destroy()) // only sending can fail here, because the client has gone
      .finally(() => running.delete(done));
    running.add(done);
  });
  const emulation = await opening.catch((error: unknown) => {
    server.close();
    throw error;
  });
  const { path: dataDir, discard } = await data;

  const emulator: CloudinaryEmulator = {
    url,
    port,
    cloudName: settings.cloudName,
    apiKey: settings.apiKey,
    apiSecret: settings.apiSecret,
    cloudinaryUrl: toCloudinaryUrl(settings, url),
    dataDir,
    faults: emulation.faults,
    assets: () =>
      emulation.assets
        .all()
        .map((asset) => viewOf(asset, emulation.presentation))
        .sort((a, b) => (a.public_id < b.public_id ? -1 : 1)),
    counters: () => ({ ...emulation.counters }),
    async stop() {
      if (server.listening) {
        stopping.abort();
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
        await Promise.allSettled(running);
      }
      await discard();
    },
    [Symbol.asyncDispose]: () => emulator.stop(),
  };
  return emulator;
}

/** @throws Error that says so when the port is taken */
async function listen(server: Server, wanted = 0): Promise<number> {
  server.listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw taken ? new Error(`Port ${wanted} is taken by another process.`, { cause }) : cause;
  }
  return (server.address() as AddressInfo).port;
}

async function createEmulation(settings: Settings, folder: string, url: string): Promise<Emulation> {
  const assets = await AssetStore.open(folder, settings);
  return {
    settings,
    presentation: { ...settings, origin: url },
    assets,
    faults: new FaultBoard(settings.seed),
    counters: createCounters(),
    quota: new AdminQuota(settings.adminPerHour),
    cdn: new Cdn({ enabled: settings.cdn }),
    search: new SearchIndex(assets, settings.searchLagMs, () => Date.now() + settings.clockSkewMs),
  };
}

function toCloudinaryUrl({ apiKey, apiSecret, cloudName }: Settings, url: string): string {
  const prefix = encodeURIComponent(url);
  return `cloudinary://${apiKey}:${apiSecret}@${cloudName}?upload_prefix=${prefix}&delivery_prefix=${prefix}`;
}
