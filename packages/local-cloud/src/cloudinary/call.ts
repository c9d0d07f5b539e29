/** What every handler is given: the emulation it acts on, and one call, already read. */
import type { AdminQuota } from './admin-quota.ts';
import { ApiError } from './api-error.ts';
import type { Presentation } from './asset.ts';
import type { AssetStore } from './asset-store.ts';
import type { Counters } from './counters.ts';
import type { Cdn } from './delivery/cdn.ts';
import type { FaultBoard } from './fault.ts';
import type { Form } from './read-form.ts';
import type { Reply } from './reply.ts';
import type { SearchIndex } from './search-index.ts';
import type { Settings } from './settings.ts';

export interface Emulation {
  readonly settings: Settings;
  readonly presentation: Presentation;
  readonly assets: AssetStore;
  readonly faults: FaultBoard;
  readonly counters: Counters;
  readonly quota: AdminQuota;
  readonly cdn: Cdn;
  readonly search: SearchIndex;
}

export interface Call {
  readonly method: string;
  /** Decoded path elements after the cloud's name. */
  readonly path: readonly string[];
  /** From the query and the body. */
  readonly parameters: Parameters;
  readonly file: Form['file'];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The emulator's time, faults included. */
  readonly nowMs: number;
}

export type Handler = (call: Call, emulation: Emulation) => Reply | Promise<Reply>;

export class Parameters {
  readonly all: ReadonlyMap<string, readonly string[]>;

  constructor(all: ReadonlyMap<string, readonly string[]>) {
    this.all = all;
  }

  one(name: string): string | undefined {
    const value = this.all.get(name)?.[0];
    return value === '' ? undefined : value;
  }

  many(name: string): readonly string[] {
    return this.all.get(name) ?? [];
  }

  /** A list that may come as an array, as text with commas, or both. */
  list(name: string): string[] {
    const items = this.many(name).flatMap((value) => value.split(','));
    return [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))];
  }

  /** @throws ApiError 400 when it is missing */
  required(name: string): string {
    const value = this.one(name);
    if (value === undefined) throw new ApiError(400, `Missing required parameter - ${name}`);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.one(name);
    if (value === undefined) return undefined;
    if (value === '1' || value === 'true') return true;
    if (value === '0' || value === 'false') return false;
    throw new ApiError(400, `Invalid value ${value} for parameter ${name}`);
  }

  /** @throws ApiError 400 unless it is missing or a whole number from 1 to `max` */
  count(name: string, { fallback, max }: { fallback: number; max: number }): number {
    const value = this.one(name);
    if (value === undefined) return fallback;
    const count = Number(value);
    if (Number.isInteger(count) && count >= 1 && count <= max) return count;
    throw new ApiError(400, `Invalid value ${value} for parameter ${name}: it must lie between 1 and ${max}`);
  }

  /** @throws ApiError 400 for more than `max` values */
  manyUpTo(name: string, max: number): readonly string[] {
    const values = this.many(name);
    if (values.length > max) throw new ApiError(400, `Too many ${name}: ${values.length}. Maximum is ${max}`);
    return values;
  }
}

/** The `authorization` header. */
export const authorizationOf = ({ headers }: Pick<Call, 'headers'>): string | undefined => {
  const value = headers.authorization;
  return Array.isArray(value) ? value[0] : value;
};
