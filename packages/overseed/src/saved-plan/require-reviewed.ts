/** What was looked at must be what is done: is the plan that a push makes the one that was saved? */
import { OverseedError } from '../model/error.ts';
import type { Fingerprints } from '../model/fingerprint.ts';
import { isEmpty, type Plan } from '../model/plan.ts';
import { printable } from '../util/printable.ts';
import { otherChanges, otherNumbers, otherWork } from './other-work.ts';
import type { SavedPlan } from './saved-plan.ts';
import { leadsToTheSame, type Move, whatMoved } from './what-moved.ts';

/** Most lines about what is different; the rest are counted. */
const LISTED = 20;

const NEXT = 'Save a new plan, look at it, and push that one.';

/**
 * Content, too, where nothing is left to do and the target holds what the plan leads to: a push that was cut off after
 * its commit can be run again.
 * @throws PLAN_STALE saying what moved; PLAN_INVALID when the plan contradicts its own fingerprints
 */
export function requireReviewed(reviewed: SavedPlan, now: Plan & Fingerprints, source: string): void {
  if (isEmpty(now) && leadsToTheSame(reviewed, now)) return;
  const moves = whatMoved(reviewed, now);
  if (moves.length > 0) {
    const lines = [...moves.map(({ text }) => text), ...otherChanges(reviewed, now)];
    throw stale(reviewed, headline(moves, now.target, source), lines, hintOf(moves));
  }
  const numbers = otherNumbers(reviewed, now);
  if (numbers.length > 0) {
    throw new OverseedError('PLAN_INVALID', {
      what: `The plan of ${reviewed.createdAt} says something else than its fingerprints lead to. It was changed since, or Overseed ${printable(reviewed.overseed)} counted otherwise:\n${list(numbers)}`,
      state: 'old',
      next: NEXT,
    });
  }
  const work = otherWork(reviewed, now);
  if (work.length > 0) throw stale(reviewed, 'there is something else to do by now', work);
}

function stale(reviewed: SavedPlan, why: string, lines: readonly string[], hint = ''): OverseedError {
  return new OverseedError('PLAN_STALE', {
    what: `The plan of ${reviewed.createdAt} is stale, ${why}:\n${list(lines)}`,
    state: 'old',
    next: `${NEXT}${hint}`,
  });
}

function headline(moves: readonly Move[], target: string, source: string): string {
  const sides = new Set(moves.map(({ side }) => side));
  if (sides.has('target') && sides.has('source')) return `both ${target} and ${source} have changed since`;
  if (sides.has('target')) return `${target} has changed since`;
  if (sides.has('source')) return `${source} says something else now`;
  return 'this push is about other tables';
}

/** Nobody would look for a fresh ID or the present time in a source that nobody has changed. */
function hintOf(moves: readonly Move[]): string {
  return moves.every(({ side }) => side === 'source')
    ? ' If nobody changed the source, it makes up values anew in each run: give it fixed ones.'
    : '';
}

function list(texts: readonly string[]): string {
  const lines = texts.slice(0, LISTED).map((text) => `  ${text}`);
  if (texts.length > LISTED) lines.push(`  … and ${texts.length - LISTED} more`);
  return lines.join('\n');
}
