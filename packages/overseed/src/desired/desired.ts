import type { MeasuredAsset } from '../model/asset.ts';
import type { Table } from '../model/schema.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import type { KeptColumns } from './keep-columns.ts';

/** Exactly what the target shall hold, as an ordinary SQLite file, with the media its rows point to. */
export interface Desired {
  readonly database: LocalDatabase;
  /** The scope, in the source's order. */
  readonly tables: readonly Table[];
  readonly rowCount: number;
  /** Every asset once, however many rows share it. */
  readonly assets: readonly MeasuredAsset[];
  /**
   * Columns that the source never fills and whose default is not a constant (CURRENT_TIMESTAMP, say), or that a backup
   * does not know: rows that exist on the target keep what they have there.
   */
  readonly keptColumns: readonly KeptColumns[];
}
