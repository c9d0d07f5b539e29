/** What uploads cost in the store, beside what its plan allows; plain data. */
export interface StoreCost {
  readonly store: string;
  readonly uploads: number;
  readonly bytes: number;
  /** What the store counts, as it was before. Empty where it counts nothing, or does not say. */
  readonly quotas: readonly QuotaUse[];
}

export interface QuotaUse {
  /** In the store's words: `credits`, `transformations`, `storage`. */
  readonly name: string;
  readonly unit: 'count' | 'bytes';
  readonly used: number;
  /** Undefined: counted, but not limited by itself. */
  readonly limit: number | undefined;
  /** What one upload adds, besides its bytes. */
  readonly perUpload: number;
  /** What each byte adds. */
  readonly perByte: number;
}

/** The part of a quota after which people want to hear of it. */
const NEARLY = 0.9;

/** What the uploads add to a quota. */
export function addedTo({ perUpload, perByte }: QuotaUse, { uploads, bytes }: StoreCost): number {
  return perUpload * uploads + perByte * bytes;
}

/** One sentence for each quota that the uploads would break or nearly use up. */
export function warningsOf(cost: StoreCost): string[] {
  return cost.quotas.flatMap((quota) => {
    const { name, used, limit } = quota;
    const added = addedTo(quota, cost);
    if (limit === undefined || added === 0 || used + added <= NEARLY * limit) return [];
    const percent = (100 * (used + added)) / limit;
    return percent > 100
      ? [
          `${cost.store}: these uploads do not fit into the plan, ${name} would reach ${Math.ceil(percent)} % of what it allows.`,
        ]
      : [`${cost.store}: after these uploads, ${Math.floor(percent)} % of the plan's ${name} are used.`];
  });
}
