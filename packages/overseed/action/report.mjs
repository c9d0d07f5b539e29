/** What was heard of a run, by target. */

/** Of several targets the weightiest counts. */
const BY_WEIGHT = ['failed', 'refused', 'different', 'applied', 'changes', 'equal', 'unchanged'];

export function startReport(command) {
  return { command, targets: new Map(), planFile: '' };
}

/** Keeps what summary and outputs need of an event; the lists of files in a plan may be long, so they are counted only. */
export function hear(report, event) {
  const target = targetOf(report, event.targetName);
  switch (event.kind) {
    case 'run-started':
      Object.assign(target, { source: event.source, address: event.target });
      break;
    case 'plan-made': {
      const { tables, uploads, reusedAssets, dependants, apply } = event.plan;
      Object.assign(target, { tables, uploads: uploads.length, reusedAssets, dependants, apply });
      target.uploadBytes = uploads.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
      break;
    }
    case 'plan-saved':
      report.planFile = event.file;
      break;
    case 'warning':
      target.warnings.push(event.message);
      break;
    case 'finding':
      target.findings.push(event);
      break;
    case 'checks-finished':
      target.status = event.good ? 'equal' : 'different';
      break;
    case 'run-finished':
      target.status = statusOf(event.outcome);
      target.outcome = event.outcome;
      break;
    case 'run-failed':
      target.status = event.exitCode === 3 ? 'refused' : 'failed';
      target.failure = event;
      break;
  }
}

function targetOf({ targets }, name = '') {
  // What ends a run on its only target does not name it.
  const known =
    targets.get(name) ?? (name === '' && targets.size === 1 ? [...targets.values()][0] : undefined);
  if (known) return known;
  const fresh = { name, warnings: [], findings: [], tables: [], uploads: 0, uploadBytes: 0, reusedAssets: 0 };
  targets.set(name, fresh);
  return fresh;
}

function statusOf({ status, plan }) {
  if (status !== 'planned') return status;
  const { tables, uploads } = plan;
  const isEmpty =
    uploads.length === 0 && tables.every((table) => table.inserts + table.updates + table.deletes === 0);
  return isEmpty ? 'unchanged' : 'changes';
}

/** @returns {string} of all targets together; "failed" when nothing was heard of one */
export function weightiest(targets) {
  const statuses = [...targets.values()].map(({ status }) => status ?? 'failed');
  return BY_WEIGHT.find((status) => statuses.includes(status)) ?? 'failed';
}
