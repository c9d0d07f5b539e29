/** What a push may not do without being told. */
import { describeDependants } from '../model/dependants.ts';
import { OverseedError } from '../model/error.ts';
import type { RefusalReason } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';

export function dataInTheWay(plan: Plan): RefusalReason | undefined {
  const tables = plan.tables
    .filter(({ rowsBefore }) => rowsBefore > 0)
    .map(({ table, rowsBefore }) => ({ table, rows: rowsBefore }));
  return tables.length > 0 ? { kind: 'target-has-data', tables } : undefined;
}

/** @throws WOULD_CASCADE unless every row outside the scope that the plan reaches was allowed to follow */
export function refuseToCascade({ dependants, target }: Plan): void {
  const refused = dependants.filter(({ allowed }) => !allowed);
  if (refused.length === 0) return;
  const names = [...new Set(refused.map(({ table }) => table))].join(',');
  const forbidden = refused.some(({ action }) => action === 'orphan');
  throw new OverseedError('WOULD_CASCADE', {
    what: `On ${target}, rows of tables outside the source depend on rows that would go away:\n${refused
      .map((entry) => `  ${describeDependants(entry)}`)
      .join('\n')}`,
    state: 'old',
    next: forbidden
      ? 'Keep the rows they depend on in the source, or change those tables on the target first.'
      : `Keep the rows they depend on in the source, or let them follow with --allow-cascade ${names}.`,
  });
}
