/** Events as calm text, good at 80 columns, with and without colour, on a terminal and in a log. */
import path from 'node:path';
import { styleText } from 'node:util';
import { describeDependants } from '../../model/dependants.ts';
import type { Emit, Event } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import { isEmpty, type Plan } from '../../model/plan.ts';
import { assertNever } from '../../util/assert-never.ts';
import { countOf } from '../../util/count-of.ts';
import { costLines } from './cost.ts';
import { formatBytes, formatDuration } from './format.ts';
import { Progress } from './progress.ts';
import { pruneOutcomeLines, prunePlanLines } from './prune.ts';
import { alignColumns } from './table.ts';

export interface TextOptions {
  readonly write: (text: string) => void;
  /** True on a terminal: progress is redrawn in place. */
  readonly isTerminal: boolean;
  readonly color: boolean;
  /** How to undo, given the backup; shown at the end. */
  readonly undoCommand: (backup: string) => string;
  /** Said when data is in the way. */
  readonly howToOverwrite: string;
  /** Added when nothing was to do. */
  readonly whenUnchanged?: string;
}

export function textRenderer(options: TextOptions): Emit {
  const { write, isTerminal, color } = options;
  const progress = new Progress({ isTerminal, write });
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  let afterBlank = false;
  /** Never two blank lines in a row. */
  const line = (text = '') => {
    if (text !== '' || !afterBlank) write(`${text}\n`);
    afterBlank = text === '';
  };

  return (event: Event) => {
    switch (event.kind) {
      case 'run-started':
        line(`${paint('bold', 'Overseed')}  ${event.source} → ${paint('bold', event.target)}`);
        if (event.store) line(paint('dim', `          media → ${event.store}`));
        line();
        return;
      case 'stage-started':
        progress.start();
        return;
      case 'stage-progress':
        progress.update(event.stage, event);
        return;
      case 'stage-finished':
        progress.clear();
        line(
          `  ${paint('green', '✔')} ${event.stage.padEnd(9)}${event.detail.padEnd(48)} ${paint('dim', formatDuration(event.ms).padStart(8))}`,
        );
        return;
      case 'plan-made':
        if (isEmpty(event.plan)) return;
        line();
        for (const text of planLines(event.plan)) line(text);
        line();
        return;
      case 'plan-saved':
        line(
          `  ${paint('green', '✔')} saved     ${shortPath(event.file)}; with --plan exactly this is pushed, or nothing`,
        );
        return;
      case 'upload-retried':
        return;
      case 'prune-planned':
        progress.clear();
        line();
        for (const text of prunePlanLines(event.plan)) line(text);
        line();
        return;
      case 'store-waiting':
        progress.clear();
        line(`  ${paint('yellow', '…')} ${event.reason}`);
        line(`    going on at ${event.until.toISOString().slice(0, 19).replace('T', ' ')} UTC`);
        return;
      case 'prune-finished':
        progress.clear();
        line();
        for (const text of pruneOutcomeLines(event.outcome, event.ms)) line(text);
        return;
      case 'warning':
        progress.clear();
        line(`  ${paint('yellow', '!')} ${event.message}`);
        return;
      case 'run-finished':
        progress.clear();
        line();
        for (const text of outcomeLines(event.outcome, event.ms, options, paint)) line(text);
        return;
      default:
        return assertNever(event);
    }
  };
}

function planLines(plan: Plan): string[] {
  const show = (count: number) => (count === 0 ? '·' : String(count));
  const rows = plan.tables.map(({ table, inserts, updates, deletes, unchanged }) => [
    table,
    show(inserts),
    show(updates),
    show(deletes),
    show(unchanged),
  ]);
  const lines = alignColumns([['table', 'insert', 'update', 'delete', 'same'], ...rows]);
  if (plan.uploads.length > 0 || plan.reusedAssets > 0) {
    const bytes = plan.uploads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const upload =
      plan.uploads.length > 0
        ? `${plan.uploads.length} to upload (${formatBytes(bytes)})`
        : 'nothing to upload';
    lines.push(
      '',
      `  files  ${upload}${plan.reusedAssets > 0 ? `, ${plan.reusedAssets} already in the store` : ''}`,
    );
  }
  if (plan.storeCost) lines.push(...costLines(plan.storeCost).map((text) => `  cost   ${text}`));
  for (const dependants of plan.dependants) {
    lines.push('', `  outside  ${describeDependants(dependants)}${dependants.allowed ? ', as allowed' : ''}`);
  }
  const staged = plan.apply.tables.some((strategy) => strategy === 'delta' || strategy === 'swap');
  if (staged)
    lines.push('', `  apply  ${plan.apply.why}; about ${plan.apply.estimatedRowsWritten} rows written`);
  return lines;
}

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

function outcomeLines(outcome: Outcome, ms: number, options: TextOptions, paint: Paint): string[] {
  const { plan } = outcome;
  switch (outcome.status) {
    case 'unchanged':
      return [
        `${paint('green', 'Nothing to do:')} ${plan.target} already holds exactly this (${formatDuration(ms)}).`,
        '',
        ...countLines(plan),
        ...(options.whenUnchanged ? ['', `  ${options.whenUnchanged}`] : []),
      ];
    case 'planned':
      return [
        isEmpty(plan)
          ? `Nothing to do: ${plan.target} already holds exactly this.`
          : 'This is what would happen. Nothing was changed anywhere.',
      ];
    case 'refused': {
      const found = outcome.reason.tables.map(({ table, rows }) => `${rows} ${table}`).join(', ');
      return [
        `${paint('yellow', 'Nothing was changed:')} ${plan.target} already holds data.`,
        `  there: ${found}`,
        `  ${options.howToOverwrite}`,
      ];
    }
    case 'applied':
      return [
        `${paint('green', 'Done')} in ${formatDuration(ms)}: ${plan.target} is exactly what the source says.`,
        '',
        ...countLines(plan),
        '',
        ...evidenceLines(outcome, options),
      ];
    default:
      return assertNever(outcome);
  }
}

function countLines(plan: Plan): string[] {
  const files = plan.uploads.length + plan.reusedAssets;
  return alignColumns([
    ...plan.tables.map(({ table, rowsAfter }) => [table, countOf(rowsAfter, 'row')]),
    ...(files > 0 ? [['media', countOf(files, 'file')]] : []),
  ]);
}

function evidenceLines(outcome: Outcome & { status: 'applied' }, { undoCommand }: TextOptions): string[] {
  const { proof, backup, uploads, runId } = outcome;
  const rows = proof.tables.reduce((sum, table) => sum + table.rows, 0);
  const lines = [
    `  proof   ${countOf(rows, 'row')} compared cell by cell${proof.assetsChecked > 0 ? `, ${countOf(proof.assetsChecked, 'URL')} answered` : ''}`,
  ];
  if (uploads.uploaded > 0)
    lines.push(`  sent    ${countOf(uploads.uploaded, 'file')}, ${formatBytes(uploads.bytes)}`);
  if (outcome.storeCost && uploads.uploaded > 0)
    lines.push(...costLines(outcome.storeCost).map((text) => `  cost    ${text}`));
  lines.push(`  run     ${runId}`);
  if (backup === undefined) lines.push('  backup  none: there was no data before, or none was wanted');
  else lines.push(`  backup  ${shortPath(backup)}`, `  undo    ${undoCommand(backup)}`);
  return lines;
}

function shortPath(file: string): string {
  return path.relative(process.cwd(), file);
}
