/** Both halves together, and the environment that points a program at them. */
import { join } from 'node:path';
import { type CloudinaryEmulator, startCloudinary } from './cloudinary/emulator.ts';
import type { CloudinaryOptions } from './cloudinary/settings.ts';
import { keepIdentity, recallIdentity } from './identity.ts';
import { createSigningKey } from './sqld/jwt.ts';
import { type Sqld, type SqldOptions, startSqld } from './sqld/sqld.ts';

export interface LocalCloudOptions {
  /** Keeps both halves' data, and also their ports, keys and secrets, so that the environment stays the same from one
   *  start to the next. What `database` and `cloudinary` say wins over what was kept. */
  readonly dataDir?: string;
  readonly database?: SqldOptions;
  readonly cloudinary?: CloudinaryOptions;
}

export interface LocalCloud extends AsyncDisposable {
  readonly database: Sqld;
  readonly cloudinary: CloudinaryEmulator;
  /** Variables as Astro DB, Turso's and Cloudinary's own tools read them. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends both. Safe to call twice. */
  stop(): Promise<void>;
}

export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const { dataDir } = options;
  const kept = dataDir === undefined ? undefined : recallIdentity(dataDir);
  const place = (name: string) => (dataDir === undefined ? {} : { dataDir: join(dataDir, name) });
  const cloudinary = await startCloudinary({ ...place('media'), ...kept?.cloudinary, ...options.cloudinary });
  const signingKey = options.database?.signingKey ?? kept?.database.signingKey ?? createSigningKey();
  const database = await startSqld({
    ...place('database'),
    ...kept?.database,
    ...options.database,
    signingKey,
  }).catch(async (error: unknown) => {
    await cloudinary.stop();
    throw error;
  });
  if (dataDir !== undefined) {
    const { port, apiKey, apiSecret } = cloudinary;
    keepIdentity(dataDir, {
      database: { port: database.port, signingKey },
      cloudinary: { port, apiKey, apiSecret },
    });
  }
  const localCloud: LocalCloud = {
    database,
    cloudinary,
    env: {
      ASTRO_DB_REMOTE_URL: database.url,
      ASTRO_DB_APP_TOKEN: database.token,
      TURSO_DATABASE_URL: database.url,
      TURSO_AUTH_TOKEN: database.token,
      CLOUDINARY_URL: cloudinary.cloudinaryUrl,
      CLOUDINARY_CLOUD_NAME: cloudinary.cloudName,
      CLOUDINARY_API_KEY: cloudinary.apiKey,
      CLOUDINARY_API_SECRET: cloudinary.apiSecret,
      CLOUDINARY_UPLOAD_PREFIX: cloudinary.url,
      CLOUDINARY_DELIVERY_PREFIX: cloudinary.url,
    },
    async stop() {
      // Both are stopped even if one cannot be; the first failure is the one to tell.
      const results = await Promise.allSettled([database.stop(), cloudinary.stop()]);
      const failure = results.find((result) => result.status === 'rejected');
      if (failure) throw failure.reason;
    },
    [Symbol.asyncDispose]: () => localCloud.stop(),
  };
  return localCloud;
}
