/** What a row receives for its files. */
import type { AssetStore } from '../assets/asset-store.ts';
import type { MeasuredAsset } from '../model/asset.ts';
import { ASSET_TARGETS, type AssetDeclaration, type AssetTargets } from '../model/asset-columns.ts';
import type { SqlValue } from '../model/value.ts';
import { foldName } from '../util/fold-name.ts';

export interface ResolvedAsset {
  readonly asset: MeasuredAsset;
  /** There when the declaration asks for one. */
  readonly placeholder: string | undefined;
}

const FACTS: Readonly<
  Record<Exclude<keyof AssetTargets, 'done'>, (found: ResolvedAsset, store: AssetStore) => string | number>
> = {
  url: ({ asset }, store) => store.urlOf(asset),
  publicId: ({ asset }) => asset.publicId,
  width: ({ asset }) => asset.width,
  height: ({ asset }) => asset.height,
  bytes: ({ asset }) => asset.sizeBytes,
  format: ({ asset }) => asset.format,
  placeholder: ({ placeholder = '' }) => placeholder,
};

/** @param found in the order of the row's list; a single one unless the declaration is a list */
export function fillCells(
  row: Map<string, SqlValue>,
  declaration: AssetDeclaration,
  found: readonly ResolvedAsset[],
  store: AssetStore,
): void {
  for (const target of ASSET_TARGETS) {
    const column = declaration[target];
    if (column !== undefined) row.set(nameIn(row, column), cellOf(target, declaration, found, store));
  }
}

function cellOf(
  target: keyof AssetTargets,
  { list = false }: AssetDeclaration,
  found: readonly ResolvedAsset[],
  store: AssetStore,
): SqlValue {
  if (target === 'done') return 1n;
  const facts = found.map((one) => FACTS[target](one, store));
  if (list) return JSON.stringify(facts);
  const [fact = null] = facts;
  return typeof fact === 'number' ? BigInt(fact) : fact;
}

/** The row's own way to write a column's name: databases do not mind capitals, maps do. */
export function nameIn(row: ReadonlyMap<string, SqlValue>, column: string): string {
  if (row.has(column)) return column;
  for (const name of row.keys())
    if (name.length === column.length && foldName(name) === foldName(column)) return name;
  return column;
}
