/** What is said when files could not be stored: every one of them, with its reason. */
import type { AssetStore, StoreError } from '../assets/asset-store.ts';
import type { Asset } from '../model/asset.ts';
import { OverseedError } from '../model/error.ts';
import type { JobReport } from './job-queue.ts';

/** ASSETS_FAILED, with the files as data. */
export class UploadFailed extends OverseedError {
  readonly failures: readonly { readonly path: string; readonly reason: string }[];

  constructor(
    { store, total, keepsStored }: { store: string; total: number; keepsStored: boolean },
    report: JobReport<Asset>,
  ) {
    const failures = report.failures.map(({ job, error }) => ({ path: job.path, reason: error.message }));
    const lines = failures.map(({ path, reason }) => `  ${path}: ${reason}`);
    if (report.untried > 0) lines.push(`  … and ${report.untried} that were not tried any more`);
    super('ASSETS_FAILED', {
      what: `${store} did not take ${failures.length + report.untried} of ${total} files${whyStopped(report)}:\n${lines.join('\n')}`,
      state: 'old',
      next: `${keepsStored ? 'What was stored stays for the next run. ' : ''}${whatToDo(report)}, then run this again.`,
      cause: report.failures[0]?.error,
    });
    this.failures = failures;
  }
}
Object.defineProperty(UploadFailed.prototype, 'name', { value: 'OverseedError' });

/** Credentials that were refused fail every file alike: one sentence says it. */
export function refused({ label, credentials }: AssetStore, error: StoreError): OverseedError {
  return new OverseedError('STORE_AUTH', {
    what: `${label} refused the credentials: ${error.message}.`,
    state: 'old',
    next: `Check ${credentials}.`,
    cause: error,
  });
}

function whyStopped({ stoppedBy }: JobReport<Asset>): string {
  switch (stoppedBy) {
    case 'down':
      return ', and then took none at all';
    case 'budget':
      return '; too many attempts failed to go on';
    case 'long-pause':
      return ' and asks for a long pause';
    default:
      return '';
  }
}

function whatToDo({ stoppedBy, failures }: JobReport<Asset>): string {
  if (stoppedBy === 'long-pause') {
    const pauseMs = Math.max(...failures.map(({ error }) => error.retryAfterMs ?? 0));
    const until = new Date(Date.now() + pauseMs).toISOString().slice(0, 16).replace('T', ' ');
    return `Wait until ${until} UTC`;
  }
  const passing = failures.some(({ error }) => error.kind === 'passing');
  return passing ? 'Wait until the store answers again' : 'Correct the files';
}
