/** Do the asset columns exist, and does each receive one thing only? Asked once, before any row. */
import { ASSET_TARGETS, type AssetColumns } from '../model/asset-columns.ts';
import { OverseedError } from '../model/error.ts';
import type { Table } from '../model/schema.ts';
import { foldName } from '../util/fold-name.ts';
import { nearestName } from '../util/nearest-name.ts';

/** @throws CONFIG_INVALID naming everything that does not fit */
export function checkAssetColumns(
  assetColumns: Readonly<Record<string, AssetColumns>>,
  tables: readonly Table[],
  label: string,
): void {
  const problems: string[] = [];
  for (const [name, columns] of Object.entries(assetColumns)) {
    const table = tables.find((one) => foldName(one.name) === foldName(name));
    if (table) problems.push(...unknownColumns(table, columns), ...contested(table.name, columns));
    else problems.push(`${name}: is no table of the source${suggestion(name, tables)}`);
  }
  if (problems.length === 0) return;
  throw new OverseedError('CONFIG_INVALID', {
    what: `The asset columns do not fit ${label}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    state: 'old',
    next: 'Correct them, or bring the schema up to date, then run this again.',
  });
}

function unknownColumns(table: Table, columns: AssetColumns): string[] {
  return columns.flatMap((declaration) =>
    (['path', ...ASSET_TARGETS] as const).flatMap((key) => {
      const name = declaration[key];
      if (name === undefined) return [];
      const column = table.columns.find((one) => foldName(one.name) === foldName(name));
      if (!column)
        return [`${table.name}.${name} (${key}): there is no such column${suggestion(name, table.columns)}`];
      return column.generated
        ? [`${table.name}.${name} (${key}): the database computes this column itself`]
        : [];
    }),
  );
}

/** Columns that two answers are meant for, or one answer and the paths of another declaration. */
function contested(table: string, columns: AssetColumns): string[] {
  const uses = columns.flatMap((declaration) =>
    ASSET_TARGETS.flatMap((key) => {
      const column = declaration[key];
      return column === undefined ? [] : [{ column, declaration, what: `the ${key} of ${declaration.path}` }];
    }),
  );
  const problems: string[] = [];
  const first = new Map<string, (typeof uses)[number]>();
  for (const use of uses) {
    const earlier = first.get(foldName(use.column));
    if (earlier) problems.push(`${table}.${use.column}: is to receive both ${earlier.what} and ${use.what}`);
    else first.set(foldName(use.column), use);
    if (columns.some((other) => other !== use.declaration && isSame(other.path, use.column)))
      problems.push(`${table}.${use.column}: is to receive ${use.what}, and holds paths itself`);
  }
  return problems;
}

function isSame(a: string, b: string): boolean {
  return foldName(a) === foldName(b);
}

function suggestion(name: string, known: readonly { readonly name: string }[]): string {
  const nearest = nearestName(
    name,
    known.map((one) => one.name),
  );
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}
