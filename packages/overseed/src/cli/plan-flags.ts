/** `--out FILE` saves a plan, `--plan FILE` pushes exactly that one; the same for every command that has them. */
import { OverseedError } from '../model/error.ts';
import { readPlan } from '../saved-plan/read-plan.ts';
import type { SavedPlan } from '../saved-plan/saved-plan.ts';
import type { ParsedFlags } from './parse-flags.ts';

export const PLAN_FLAGS = { out: 'string', plan: 'string' } as const;

export interface PlanFiles {
  /** Where the plan is saved. Both are as typed, so relative to where the command runs. */
  readonly out: string | undefined;
  /** The plan that was looked at. */
  readonly reviewed: string | undefined;
}

/**
 * @param changes whether the command may change the target: what is saved is a plan, so it is made by one that may not
 * @throws BAD_FLAG
 */
export function planFiles(flags: ParsedFlags['flags'], { changes }: { changes: boolean }): PlanFiles {
  const { out, plan } = flags;
  for (const [name, value] of Object.entries({ out, plan }))
    if (value === '')
      throw badFlag(`--${name} needs the name of a file.`, `For example --${name} plan.json.`);
  if (out !== undefined && plan !== undefined)
    throw badFlag('--out saves a plan and --plan pushes one.', 'Give one of them.');
  if (out !== undefined && changes)
    throw badFlag('--out saves a plan, and this command would push.', 'Add --dry-run to it.');
  const text = (value: typeof out) => (typeof value === 'string' ? value : undefined);
  return { out: text(out), reviewed: text(plan) };
}

/** @returns what `Parts` takes. @throws PLAN_INVALID */
export async function reviewedPlan({ reviewed }: PlanFiles): Promise<{ readonly reviewed?: SavedPlan }> {
  return reviewed === undefined ? {} : { reviewed: await readPlan(reviewed) };
}

function badFlag(what: string, next: string): OverseedError {
  return new OverseedError('BAD_FLAG', { what, state: 'not-contacted', next });
}
