/** Events as calm text, good at 80 columns, with and without colour, on a terminal and in a log. */
import path from 'node:path';
import type { Emit, Event, Stage } from '../../model/event.ts';
import { isEmpty, type Plan } from '../../model/plan.ts';
import { assertNever } from '../../util/assert-never.ts';
import { countOf } from '../../util/count-of.ts';
import { formatDuration } from '../../util/format.ts';
import type { Output } from '../output.ts';
import { msWaited } from '../terminal.ts';
import { annotation, GROUP_END, groupStart } from './github.ts';
import { outcomeLines } from './outcome.ts';
import { type Paint, painter } from './paint.ts';
import { columnLines, planLines } from './plan.ts';
import { Progress } from './progress.ts';
import { pruneOutcomeLines, prunePlanLines } from './prune.ts';
import type { RunTexts } from './run-texts.ts';
import { labelled } from './wrap-text.ts';

/** Stages that take less than this are not worth a mention at the end, in ms. */
const MENTIONED_MS = 50;

export function textRenderer(output: Output, texts: RunTexts): Emit {
  const { write, width } = output;
  const paint = painter(output.color);
  const progress = new Progress(output);
  const times: [Stage, number][] = [];
  let afterBlank = false;
  /** Never two blank lines in a row. */
  const line = (text = '') => {
    if (text !== '' || !afterBlank) write(`${text}\n`);
    afterBlank = text === '';
  };
  const lines = (all: readonly string[]) => {
    for (const text of all) line(text);
  };

  function showPlan(plan: Plan): void {
    if (isEmpty(plan)) return;
    line();
    lines(planLines(plan, output));
    const columns = output.showColumns ? columnLines(plan, width) : [];
    if (columns.length > 0) {
      line();
      if (output.isGitHub) line(groupStart('Changes by column'));
      lines(columns);
      if (output.isGitHub) line(GROUP_END);
    }
    line();
  }

  return (event: Event) => {
    switch (event.kind) {
      case 'run-started':
        lines(headLines(event, texts, width, paint));
        line();
        return;
      case 'stage-started':
        progress.start(event.stage);
        return;
      case 'stage-progress':
        progress.update(event.stage, event);
        return;
      case 'stage-finished': {
        progress.finish(event.stage);
        progress.clear();
        times.push([event.stage, event.ms]);
        const time = paint('dim', formatDuration(event.ms).padStart(8));
        line(`  ${paint('green', '✔')} ${event.stage.padEnd(9)}${event.detail.padEnd(48)} ${time}`);
        return;
      }
      case 'plan-made':
        return showPlan(event.plan);
      case 'plan-saved':
        line(
          `  ${paint('green', '✔')} saved    ${path.relative(process.cwd(), event.file)}; with --plan exactly this is done, or nothing`,
        );
        return;
      case 'file-stored':
        return;
      case 'report-written':
        progress.clear();
        lines(labelled('report', path.relative(process.cwd(), event.file), Infinity));
        return;
      case 'prune-planned':
        progress.clear();
        line();
        lines(prunePlanLines(event.plan));
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
        lines(pruneOutcomeLines(event.outcome, event.ms));
        return;
      case 'upload-retried':
        if (!output.isVerbose) return;
        progress.clear();
        line(
          paint(
            'dim',
            `    ${event.path}: ${event.reason}; attempt ${event.attempt + 1} in ${formatDuration(event.waitMs)}`,
          ),
        );
        return;
      case 'warning':
        progress.clear();
        line(`  ${paint('yellow', '!')} ${event.message}`);
        if (output.isGitHub) line(annotation('warning', 'Overseed', event.message));
        return;
      case 'run-finished':
        progress.clear();
        line();
        lines(
          outcomeLines(event.outcome, {
            paint,
            width,
            texts,
            ms: event.ms - msWaited(),
            times: describe(times),
          }),
        );
        return;
      default:
        return assertNever(event);
    }
  };
}

/** From where to where; what has no room on the line goes below it. */
function headLines(
  { source, target, store }: Event & { kind: 'run-started' },
  { targetName = target, isProtected }: RunTexts,
  width: number,
  paint: Paint,
): string[] {
  const margin = ' '.repeat('Overseed  '.length);
  const host = targetName === target ? '' : ` (${target})`;
  const shield = isProtected ? '  protected' : '';
  const isLong = `${margin}${source} → ${targetName}${host}${shield}`.length > width;
  const to = `→ ${paint('bold', targetName)}${host}${paint('yellow', shield)}`;
  return [
    `${paint('bold', 'Overseed')}  ${source}${isLong ? '' : ` ${to}`}`,
    ...(isLong ? [`${margin}${to}`] : []),
    ...(store ? [paint('dim', `${margin}media → ${store}`)] : []),
  ];
}

/** The stages that took time, in order; the others together need no mention. */
function describe(times: readonly [Stage, number][]): string {
  const long = times.filter(([, ms]) => ms >= MENTIONED_MS);
  if (long.length === 0)
    return `each of ${countOf(times.length, 'stage')} below ${formatDuration(MENTIONED_MS * 2)}`;
  return long.map(([stage, ms]) => `${stage} ${formatDuration(ms)}`).join(', ');
}
