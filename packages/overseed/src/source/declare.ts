/** What a project declares about its tables, whatever they are read from: rules, numbers of rows. */
import { checkRule, type Rule } from '../model/rule.ts';
import { describeValue, type SqlValue } from '../model/value.ts';
import { foldName } from '../util/fold-name.ts';
import type { RowProblem, Source, SourceRow, SourceTable } from './source.ts';
import { withPlace } from './with-place.ts';

/** Problems of one table after which its other rows are not looked at: whoever corrects these runs it again anyway. */
const MOST_PROBLEMS = 1_000;

export interface Declarations {
  /** By table name. */
  readonly rules?: Readonly<Record<string, Rule>>;
  /** Number of rows by table name. */
  readonly expect?: Readonly<Record<string, number>>;
}

/** `source` with its rules checked row by row, its expected numbers known, and places in the words of its problems. */
export function declare(source: Source, { rules = {}, expect = {} }: Declarations): Source {
  return {
    label: source.label,
    tables: source.tables.map((table) => {
      const expectedRows = byName(expect, table.name);
      const rule = byName(rules, table.name);
      // A rule has to see each row, so they cannot be copied unseen.
      const { stored, ...rest } = table;
      return {
        ...rest,
        ...(stored && !rule && { stored }),
        ...(expectedRows === undefined ? {} : { expectedRows }),
        rows: (target) => checked(table.rows(target), rule),
      } satisfies SourceTable;
    }),
  };
}

async function* checked(
  rows: ReturnType<SourceTable['rows']>,
  rule: Rule | undefined,
): AsyncGenerator<SourceRow> {
  let found = 0;
  for await (const row of rows) {
    const broken = rule && !isUnreadable(row) ? await brokenRules(rule, row) : [];
    const problems = [...row.problems, ...broken].map((problem) => withPlace(problem, row.place));
    yield problems.length === row.problems.length && row.place === undefined ? row : { ...row, problems };
    found += problems.length;
    if (found < MOST_PROBLEMS) continue;
    const message = `reading stopped after ${found} problems`;
    yield { values: new Map(), problems: [{ message }], isBroken: true };
    return;
  }
}

/** A line that is no row has nothing that a rule could be about. */
function isUnreadable({ isBroken, values, view }: SourceRow): boolean {
  return isBroken === true && view === undefined && values.size === 0;
}

async function brokenRules(rule: Rule, row: SourceRow): Promise<RowProblem[]> {
  const view = row.view ?? viewOf(row.values);
  const broken = await checkRule(rule, view);
  // A value of the wrong type breaks most rules as well: once is enough.
  const known = new Set(row.problems.map(({ column }) => column));
  return broken
    .filter(({ column }) => column === undefined || !known.has(column))
    .map(({ column, message }) =>
      column === undefined
        ? { message }
        : { column, value: describeValue(view[column]), message: `breaks a rule: ${message}` },
    );
}

/** Integers as numbers where those are exact, since rules are written for numbers. */
function viewOf(values: ReadonlyMap<string, SqlValue>): Record<string, unknown> {
  const toPlain = (value: SqlValue) =>
    typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return Object.fromEntries([...values].map(([name, value]) => [name, toPlain(value)]));
}

function byName<T>(values: Readonly<Record<string, T>>, table: string): T | undefined {
  return Object.entries(values).find(([name]) => foldName(name) === foldName(table))?.[1];
}
