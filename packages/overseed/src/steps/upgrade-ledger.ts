import {
  type LedgerVersion,
  ledgerColumnsQuestion,
  ledgerUpgrade,
  ledgerVersion,
} from '../assets/ledger/ledger.ts';
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import { OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import { ask, StepFailed, type Target } from '../target/target.ts';

/** Makes the ledger, or brings an older one up to date. Nothing that a site reads is touched. */
export async function upgradeLedger(
  target: Target,
  version: LedgerVersion,
  lease: Lease,
  run: Run,
): Promise<void> {
  const statements = ledgerUpgrade(version);
  if (statements.length === 0) return;
  try {
    await writeUnderLease(target, lease, statements, run);
  } catch (error) {
    if (!(error instanceof OverseedError && error.cause instanceof StepFailed)) throw error;
    // When its answer was lost, the first attempt may have done it; the second finds nothing to rename.
    const [columns = []] = await ask(target, [ledgerColumnsQuestion], run.signal);
    if (ledgerVersion(columns, target.label) !== 2) throw error;
  }
}
