/** Names of tables in a configuration that the source does not have: most likely mistyped. */
import { foldName } from '../util/fold-name.ts';
import { nearestName } from '../util/nearest-name.ts';
import type { Config } from './config.ts';
import { unmatched } from './scope.ts';
import type { ConfigProblem } from './shape.ts';

/** @param tables of the source that are in scope */
export function tableProblems(
  { scope, rules, expect, assetColumns }: Config,
  tables: readonly string[],
  source: string,
): ConfigProblem[] {
  const known = new Set(tables.map(foldName));
  const missing = (path: string, name: string): ConfigProblem => {
    const meant = nearestName(name, tables);
    return { path, message: `${source} has no table "${name}"${meant ? ` (did you mean "${meant}"?)` : ''}` };
  };
  const named = { rules, expect, 'assets.tables': assetColumns };
  return [
    ...unmatched(scope, tables).map((pattern) => missing('tables.include', pattern)),
    ...Object.entries(named).flatMap(([path, byTable]) =>
      Object.keys(byTable)
        .filter((name) => !known.has(foldName(name)))
        .map((name) => missing(`${path}.${name}`, name)),
    ),
  ];
}
