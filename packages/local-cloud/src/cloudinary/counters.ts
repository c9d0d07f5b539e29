/** What happened so far, for tests and demonstrations. */
export interface CountersView {
  /** Upload requests that stored a new asset. */
  readonly uploads: number;
  /** Upload requests answered with `existing: true`. */
  readonly existing: number;
  /** Upload requests that replaced an asset. */
  readonly overwritten: number;
  /** Upload requests, whatever came of them. */
  readonly uploadRequests: number;
  /** Uploads turned away because too many ran at once. */
  readonly throttled: number;
  readonly maxConcurrentUploads: number;
  /** Bytes stored by uploads. */
  readonly bytesStored: number;
  readonly deleted: number;
  readonly adminCalls: number;
  readonly deliveries: number;
  readonly bytesDelivered: number;
  readonly faults: number;
}

export type Counters = { -readonly [Name in keyof CountersView]: CountersView[Name] };

export const createCounters = (): Counters => ({
  uploads: 0,
  existing: 0,
  overwritten: 0,
  uploadRequests: 0,
  throttled: 0,
  maxConcurrentUploads: 0,
  bytesStored: 0,
  deleted: 0,
  adminCalls: 0,
  deliveries: 0,
  bytesDelivered: 0,
  faults: 0,
});
