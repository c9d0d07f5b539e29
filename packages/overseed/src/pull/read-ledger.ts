import {
  ENTRIES_A_PAGE,
  entriesQuestion,
  type Ledger,
  ledgerColumnsQuestion,
  ledgerVersion,
  toEntry,
} from '../assets/ledger/ledger.ts';
import { fenceQuestion, leaseTableQuestion } from '../lease/questions.ts';
import type { LedgerEntry } from '../model/asset.ts';
import { SnapshotLost, type Target } from '../target/target.ts';
import { forgotten } from './forgotten.ts';

/** The ledger, and the moment that it was read at: a run that took the lease since may have changed it. */
export interface LedgerReading extends Ledger {
  /** Fencing number of the last lease; 0 when there never was one. */
  readonly fence: bigint;
}

const ATTEMPTS = 3;

/** What the ledger says of `store`. @throws SCHEMA_UNSUPPORTED when it was made by a newer Overseed */
export async function readLedger(target: Target, store: string, signal: AbortSignal): Promise<LedgerReading> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readOnce(target, store, signal);
    } catch (error) {
      if (!(error instanceof SnapshotLost)) throw error;
      if (attempt === ATTEMPTS) throw forgotten(target.label, attempt, error);
    }
  }
}

async function readOnce(target: Target, store: string, signal: AbortSignal): Promise<LedgerReading> {
  await using snapshot = target.snapshot(signal);
  const [columns = [], leaseTables = []] = await snapshot.query([ledgerColumnsQuestion, leaseTableQuestion]);
  const version = ledgerVersion(columns, target.label);
  const page = (after: string) => (version === 0 ? [] : [entriesQuestion(version, { store, after })]);
  const fences = leaseTables[0]?.[0] === 1n ? [fenceQuestion] : [];
  const entries = new Map<string, LedgerEntry>();
  let answers = await snapshot.query([...page(''), ...fences]);
  const fence = fences.length > 0 ? ((answers.pop()?.[0]?.[0] as bigint | undefined) ?? 0n) : 0n;
  for (;;) {
    const [rows = []] = answers;
    for (const row of rows) {
      const entry = toEntry(row, store);
      entries.set(entry.hash, entry);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ENTRIES_A_PAGE) return { version, entries, fence };
    answers = await snapshot.query(page(String(last[0])));
  }
}
