import { readFile, stat } from 'node:fs/promises';
import { messageOf, OverseedError } from '../model/error.ts';
import { printable } from '../util/printable.ts';
import { parsePlan } from './parse-plan.ts';
import type { SavedPlan } from './saved-plan.ts';

/** A plan holds no rows, but one line for each file that it uploads: this is room for about a million of them. */
export const MAX_PLAN_BYTES = 256_000_000;

/** Most problems that are listed one by one; the rest are counted. */
const LISTED = 10;

/** @throws PLAN_INVALID naming all that is wrong with the file; what is in it is never shown */
export async function readPlan(file: string): Promise<SavedPlan> {
  const text = await readText(file);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    // What the parser says quotes the file, and a file that was named by mistake may hold secrets.
    throw invalid(`${file} is not a saved plan: it is not JSON, or was cut off.`);
  }
  const parsed = parsePlan(data);
  switch (parsed.status) {
    case 'good':
      return parsed.plan;
    case 'no-plan':
      throw invalid(`${file} is not a plan that Overseed saved.`);
    case 'other-version':
      throw invalid(
        `${file} is of format ${parsed.formatVersion}, and this version of Overseed reads format 1.`,
        'Save it again with the version that shall push it.',
      );
    case 'spoilt': {
      const lines = parsed.problems.slice(0, LISTED).map((problem) => `  ${problem}`);
      const more = parsed.problems.length - lines.length;
      if (more > 0) lines.push(`  … and ${more} more`);
      throw invalid(`${file} was changed after it was saved, or damaged:\n${lines.join('\n')}`);
    }
  }
}

/** @throws PLAN_INVALID unless the plan was made for this target and this store */
export function requireMadeFor(plan: SavedPlan, here: { target: string; store: string }): void {
  const next = 'Name the plan of this target, or save a new one.';
  if (plan.target !== here.target)
    throw invalid(`The plan was made for ${printable(plan.target)}, and this is ${here.target}.`, next);
  if (plan.store !== here.store)
    throw invalid(`The plan stores files in ${printable(plan.store)}, and this run in ${here.store}.`, next);
}

async function readText(file: string): Promise<string> {
  try {
    // Before anything is opened: that would wait for whoever is at the other end of a pipe.
    const stats = await stat(file);
    if (!stats.isFile()) throw invalid(`${file} is not a file.`);
    if (stats.size > MAX_PLAN_BYTES)
      throw invalid(
        `${file} is too large for a plan: ${stats.size} bytes, and ${MAX_PLAN_BYTES} is the limit.`,
      );
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof OverseedError) throw error;
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw invalid(isMissing ? `There is no file ${file}.` : `${file} cannot be read: ${messageOf(error)}.`);
  }
}

function invalid(what: string, next = 'Save a plan with --out, and name that file.'): OverseedError {
  return new OverseedError('PLAN_INVALID', { what, state: 'not-contacted', next });
}
