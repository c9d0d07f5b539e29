/** What callers may set, and the settings with every default filled in. */
import { randomBytes, randomInt } from 'node:crypto';

export interface Limits {
  /** Per image; Cloudinary's free plan: 10 485 760. */
  readonly imageMaxBytes: number;
  readonly imageMaxPixels: number;
  /** Per request body, whatever it holds. */
  readonly requestMaxBytes: number;
}

/** What the account has paid for, and used before the emulator was started. */
export interface AccountPlan {
  readonly name: string;
  readonly creditsLimit: number;
  readonly creditsUsed: number;
  /** Older plans limit the number of assets; undefined: this one does not. */
  readonly objectsLimit?: number;
}

export interface CloudinaryOptions {
  /** Default: a free one. */
  readonly port?: number;
  readonly cloudName?: string;
  /** Random by default. */
  readonly apiKey?: string;
  /** Random by default. */
  readonly apiSecret?: string;
  readonly folderMode?: 'dynamic' | 'fixed';
  readonly limits?: Partial<Limits>;
  /** Default: 25 credits, as on the free plan, none of them used. */
  readonly plan?: Partial<AccountPlan>;
  /** Uploads at once, above which further ones are turned away. */
  readonly uploadConcurrency?: number;
  readonly throttleStatus?: 420 | 429;
  /** Whether a turned-away upload is answered at once, while its body still comes in, and its connection then closed;
   *  or after its body has been read. */
  readonly throttleWhen?: 'before-body' | 'after-body';
  /** Admin calls per clock hour. */
  readonly adminPerHour?: number;
  /** Added to every answer. */
  readonly latencyMs?: number;
  /** Kept when given; otherwise a temporary folder that goes with the emulator. */
  readonly dataDir?: string;
  /** For fault rates: the same seed fails the same requests. */
  readonly seed?: number;
  /** How far the emulator's clock runs ahead of this machine's (behind when negative). */
  readonly clockSkewMs?: number;
  /** How far in the future a signature's timestamp may lie. Cloudinary's own tolerance is not known. */
  readonly futureToleranceMs?: number;
  /** Whether deleted assets can be restored. Off, as on a new Cloudinary account. */
  readonly backup?: boolean;
  /** Whether delivery goes through a simulated CDN that keeps copies until they are invalidated. */
  readonly cdn?: boolean;
  /** Whether bulk deletes honour `invalidate`; Cloudinary's do only where support has enabled it. */
  readonly bulkInvalidate?: boolean;
  /** How long the search index takes to notice a change. */
  readonly searchLagMs?: number;
}

export interface Settings extends Required<Omit<CloudinaryOptions, 'port' | 'dataDir' | 'limits' | 'plan'>> {
  readonly limits: Limits;
  readonly plan: AccountPlan;
}

/** @throws TypeError listing every option that makes no sense */
export function settle(options: CloudinaryOptions): Settings {
  const settings: Settings = {
    cloudName: options.cloudName ?? 'demo',
    apiKey: options.apiKey ?? String(randomInt(10 ** 14, 10 ** 14 + 10 ** 12)),
    apiSecret: options.apiSecret ?? randomBytes(20).toString('base64url'),
    folderMode: options.folderMode ?? 'dynamic',
    limits: {
      imageMaxBytes: options.limits?.imageMaxBytes ?? 10_485_760,
      imageMaxPixels: options.limits?.imageMaxPixels ?? 25_000_000,
      requestMaxBytes: options.limits?.requestMaxBytes ?? 104_857_600,
    },
    plan: { name: 'Free', creditsLimit: 25, creditsUsed: 0, ...options.plan },
    uploadConcurrency: options.uploadConcurrency ?? 10,
    throttleStatus: options.throttleStatus ?? 420,
    throttleWhen: options.throttleWhen ?? 'after-body',
    adminPerHour: options.adminPerHour ?? 500,
    latencyMs: options.latencyMs ?? 0,
    seed: options.seed ?? 1,
    clockSkewMs: options.clockSkewMs ?? 0,
    futureToleranceMs: options.futureToleranceMs ?? 3_600_000,
    backup: options.backup ?? false,
    cdn: options.cdn ?? false,
    bulkInvalidate: options.bulkInvalidate ?? false,
    searchLagMs: options.searchLagMs ?? 0,
  };
  const problems = [
    ...(/^[a-z0-9][a-z0-9_-]*$/i.test(settings.cloudName)
      ? []
      : ['cloudName: letters, digits, _ and - only']),
    ...(/^[^:@/?#\s]+$/.test(settings.apiKey) ? [] : ['apiKey: must not hold : @ / ? # or spaces']),
    ...(/^[^:@/?#\s]+$/.test(settings.apiSecret) ? [] : ['apiSecret: must not hold : @ / ? # or spaces']),
    ...Object.entries({ ...settings, ...settings.limits, ...settings.plan })
      .filter(([name, value]) => typeof value === 'number' && !isAcceptable(name, value))
      .map(([name, value]) => `${name}: ${String(value)} is out of range`),
  ];
  if (problems.length > 0) throw new TypeError(`Cloudinary emulator options:\n  ${problems.join('\n  ')}`);
  return settings;
}

function isAcceptable(name: string, value: number): boolean {
  if (name === 'clockSkewMs' || name === 'seed') return Number.isFinite(value);
  if (name === 'uploadConcurrency') return Number.isInteger(value) && value >= 1;
  return value >= 0;
}
