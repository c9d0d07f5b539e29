/** Whether a plan may be carried out. Only an explicit yes is yes. */
import type { RefusalReason } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import type { Terminal } from './terminal.ts';

export interface ConsentOptions {
  /** As in the configuration. */
  readonly target: string;
  readonly isProtected: boolean;
  /** Data that is there may be replaced. */
  readonly force: boolean;
  /** Questions count as answered with yes, where nothing is deleted. */
  readonly yes: boolean;
  /** Names of protected targets that were confirmed on the command line. */
  readonly confirmed: readonly string[];
  /** Most rows that may be deleted. */
  readonly maxDeletes: number | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Why `plan` may not be carried out; undefined when it may. */
export async function askConsent(plan: Plan, options: ConsentOptions): Promise<RefusalReason | undefined> {
  const { target, isProtected, force, yes, confirmed, maxDeletes } = options;
  const deletes = plan.tables.reduce((sum, table) => sum + table.deletes, 0);
  if (maxDeletes !== undefined && deletes > maxDeletes)
    return { kind: 'too-many-deletes', deletes, allowed: maxDeletes };
  const data = plan.tables.flatMap(({ table, rowsBefore }) =>
    rowsBefore > 0 ? [{ table, rows: rowsBefore }] : [],
  );
  if (isProtected && !confirmed.includes(target)) {
    // Whoever types the name below the list of what is lost has agreed to both.
    return (await isAnswered(options, `Type ${target} to go on: `, target))
      ? undefined
      : { kind: 'not-confirmed', wanted: 'name' };
  }
  if (data.length === 0 || force || (yes && deletes === 0)) return undefined;
  if (!options.terminal.isInteractive) return { kind: 'target-has-data', tables: data };
  const question = `Make ${target} equal to the source? Type yes to go on: `;
  return (await isAnswered(options, question, 'yes')) ? undefined : { kind: 'not-confirmed', wanted: 'yes' };
}

async function isAnswered({ terminal, signal }: ConsentOptions, question: string, expected: string) {
  if (!terminal.isInteractive) return false;
  const answer = await terminal.ask(question, signal);
  return answer?.trim() === expected;
}
