/** What a restore has brought back although it points to nothing outside the backup. */
import { outsideReferences } from '../apply/outside-references.ts';
import type { Run } from '../model/run.ts';
import type { Schema } from '../model/schema.ts';
import type { Comparison } from '../plan/comparison.ts';
import { ask, type Target } from '../target/target.ts';
import { countOf } from '../util/count-of.ts';

export async function warnOfDangling(
  target: Target,
  schema: Schema,
  { scope, tables }: Comparison,
  run: Run,
): Promise<void> {
  const references = scope.flatMap((table, index) => {
    const { inserts = 0, updates = 0 } = tables[index] ?? {};
    return inserts + updates > 0 ? outsideReferences(schema, scope, table) : [];
  });
  if (references.length === 0) return;
  const answers = await ask(
    target,
    references.map(({ count }) => count),
    run.signal,
  );
  for (const [index, { table, parent }] of references.entries()) {
    const rows = Number(answers[index]?.[0]?.[0] ?? 0);
    if (rows === 0) continue;
    const message = `${countOf(rows, 'row')} of ${table} ${rows === 1 ? 'points' : 'point'} to no row of ${parent} on ${target.label}: the backup holds no ${parent}, so nothing was done about that.`;
    run.emit({ kind: 'warning', message });
  }
}
