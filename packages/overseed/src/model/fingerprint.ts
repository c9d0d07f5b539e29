/**
 * What two sides were when a plan was made. Checksums are SHA-256 as 64 hex digits; `docs/formats.md` says over what, so
 * that they can be made again by other means.
 */
import { createHash } from 'node:crypto';

/** What the target held. */
export interface TargetFingerprint {
  /** Over everything below. */
  readonly digest: string;
  /** Every table of the plan, in its order: what defines it, with its indexes and triggers, and what it holds. */
  readonly tables: readonly { readonly table: string; readonly schema: string; readonly rows: string }[];
}

/** What the source said. */
export interface SourceFingerprint {
  readonly digest: string;
  /** The tables of the source, in its order. */
  readonly tables: readonly { readonly table: string; readonly rows: string }[];
  /** Every asset that the rows point to, and under which public ID. */
  readonly assets: string;
}

export interface Fingerprints {
  readonly basedOn: TargetFingerprint;
  readonly resultsIn: SourceFingerprint;
}

export function sealTarget(tables: TargetFingerprint['tables']): TargetFingerprint {
  return { digest: jsonDigest(tables.map(({ table, schema, rows }) => [table, schema, rows])), tables };
}

export function sealSource(tables: SourceFingerprint['tables'], assets: string): SourceFingerprint {
  return { digest: jsonDigest([...tables.map(({ table, rows }) => [table, rows]), assets]), tables, assets };
}

/** SHA-256 of the shortest JSON of `data`. */
export function jsonDigest(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}
