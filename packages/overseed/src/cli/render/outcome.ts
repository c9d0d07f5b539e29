/** The last block of a run: how it ended, the proof, the times, the backup, the way back. */
import path from 'node:path';
import type { Outcome, RefusalReason } from '../../model/outcome.ts';
import { isEmpty, type Plan } from '../../model/plan.ts';
import { assertNever } from '../../util/assert-never.ts';
import { countOf } from '../../util/count-of.ts';
import { formatBytes, formatDuration } from '../../util/format.ts';
import { costLines } from './cost.ts';
import type { Paint } from './paint.ts';
import type { RunTexts } from './run-texts.ts';
import { alignColumns } from './table.ts';
import { labelled } from './wrap-text.ts';

/** With more tables than this, their rows are counted together. */
const LISTED_TABLES = 20;

export interface OutcomeOptions {
  readonly paint: Paint;
  readonly width: number;
  readonly texts: RunTexts;
  /** Time of the whole run. */
  readonly ms: number;
  /** `build 0.3 s, upload 4.1 s` */
  readonly times: string;
}

export function outcomeLines(outcome: Outcome, options: OutcomeOptions): string[] {
  const { paint, texts, ms } = options;
  const { plan } = outcome;
  switch (outcome.status) {
    case 'unchanged':
      return [
        `${paint('green', 'Nothing to do:')} ${plan.target} already holds exactly this (${formatDuration(ms)}).`,
        '',
        ...countLines(plan),
        ...(texts.whenUnchanged ? ['', `  ${texts.whenUnchanged}`] : []),
      ];
    case 'planned':
      return [
        isEmpty(plan)
          ? `Nothing to do: ${plan.target} already holds exactly this.`
          : 'This is what would happen. Nothing was changed anywhere.',
      ];
    case 'refused':
      return refusedLines(outcome.reason, plan, options);
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

function refusedLines(reason: RefusalReason, plan: Plan, { paint, texts, width }: OutcomeOptions): string[] {
  const head = (why: string) => `${paint('yellow', 'Nothing was changed:')} ${why}`;
  switch (reason.kind) {
    case 'target-has-data': {
      const there = reason.tables.map(({ table, rows }) => `${rows} ${table}`).join(', ');
      return [
        head(`${plan.target} already holds data.`),
        ...labelled('there:', there, width),
        `  ${texts.howToOverwrite}`,
      ];
    }
    case 'not-confirmed': {
      if (reason.wanted === 'yes') return [head('the answer was not yes.')];
      const name = texts.targetName ?? plan.target;
      return [
        head(`${name} is protected, and its name was not given.`),
        `  Type it when you are asked; where nobody is asked, add --confirm ${name}.`,
      ];
    }
    case 'too-many-deletes':
      return [
        head(
          `this would delete ${countOf(reason.deletes, 'row')}, and --max-deletes allows ${reason.allowed}.`,
        ),
      ];
    default:
      return assertNever(reason);
  }
}

function countLines(plan: Plan): string[] {
  const files = plan.uploads.length + plan.reusedAssets;
  const rows = plan.tables.reduce((sum, { rowsAfter }) => sum + rowsAfter, 0);
  const tables =
    plan.tables.length > LISTED_TABLES
      ? [[countOf(plan.tables.length, 'table'), countOf(rows, 'row')]]
      : plan.tables.map(({ table, rowsAfter }) => [table, countOf(rowsAfter, 'row')]);
  return alignColumns(withEvenUnits([...tables, ...(files > 0 ? [['media', countOf(files, 'file')]] : [])]));
}

/** Numbers stand below each other, whatever is counted. */
function withEvenUnits(lines: readonly (readonly string[])[]): string[][] {
  const unitOf = (text: string) => text.slice(text.lastIndexOf(' ') + 1);
  const longest = Math.max(0, ...lines.map(([, text = '']) => unitOf(text).length));
  return lines.map(([name = '', text = '']) => [name, text + ' '.repeat(longest - unitOf(text).length)]);
}

function evidenceLines(outcome: Outcome & { status: 'applied' }, options: OutcomeOptions): string[] {
  const { proof, backup, uploads, runId } = outcome;
  const { width, texts, times } = options;
  const rows = proof.tables.reduce((sum, table) => sum + table.rows, 0);
  const urls = proof.assetsChecked > 0 ? `, ${countOf(proof.assetsChecked, 'URL')} answered` : '';
  const notes: [string, string][] = [['proof', `${countOf(rows, 'row')} compared cell by cell${urls}`]];
  if (uploads.uploaded > 0)
    notes.push(['sent', `${countOf(uploads.uploaded, 'file')}, ${formatBytes(uploads.bytes)}`]);
  const cost = outcome.storeCost && uploads.uploaded > 0 ? costLines(outcome.storeCost) : [];
  if (cost.length > 0) notes.push(['cost', cost.join('\n')]);
  notes.push(['times', times], ['run', runId]);
  if (backup === undefined) notes.push(['backup', 'none: there was no data before, or none was wanted']);
  else notes.push(['backup', path.relative(process.cwd(), backup)], ['undo', texts.undoCommand(backup)]);
  return notes.flatMap(([label, text]) => labelled(label, text, label === 'backup' ? Infinity : width));
}
