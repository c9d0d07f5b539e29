/**
 * Full-text indexes over tables of the scope. The triggers that keep them in step do not fire while we apply, so an
 * index that reads its text from such a table (`content=…`) is rebuilt in the same transaction. One that keeps a text
 * of its own, or any other virtual table that triggers fill, cannot be brought into step from outside.
 */
import { OverseedError } from '../model/error.ts';
import type { Schema, Table, VirtualTable } from '../model/schema.ts';
import { foldName } from '../util/fold-name.ts';

export interface SearchIndex {
  readonly name: string;
  /** The tables of the scope that it depends on. */
  readonly tables: readonly string[];
}

/** @throws SCHEMA_UNSUPPORTED naming trigger and virtual table */
export function searchIndexesOf(schema: Schema, scope: readonly Table[], label: string): SearchIndex[] {
  const problems: string[] = [];
  const indexes = schema.virtualTables.map((virtual) => {
    const content = contentOf(virtual);
    const feeding = scope.flatMap((table) =>
      table.triggers
        .filter(({ sql }) => writesTo(sql, virtual.name))
        .map((trigger) => ({ table: table.name, trigger: trigger.name })),
    );
    if (content === undefined)
      for (const { table, trigger } of feeding)
        problems.push(
          `  ${virtual.name} (${virtual.module}) is filled by the trigger ${trigger} on ${table}`,
        );
    const read = scope.filter(({ name }) => content !== undefined && foldName(name) === foldName(content));
    return {
      name: virtual.name,
      tables: [
        ...new Set([...feeding, ...read.map(({ name }) => ({ table: name }))].map(({ table }) => table)),
      ],
    };
  });
  if (problems.length > 0) {
    throw new OverseedError('SCHEMA_UNSUPPORTED', {
      what: `On ${label}, virtual tables keep their own copy of rows that a push would change:\n${problems.join('\n')}`,
      state: 'old',
      next: "Make a full-text table read its text from the table (content='…'), or leave the table out of the source.",
    });
  }
  return indexes.filter(({ tables }) => tables.length > 0);
}

/** The table or view that a full-text table reads from; undefined when it keeps its own text, or none. */
function contentOf({ module, sql }: VirtualTable): string | undefined {
  if (!/^fts[345]$/.test(module)) return undefined;
  const found =
    /\bcontent\s*=\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|([\w$]+))/iu.exec(
      withoutComments(sql),
    );
  const [single, double, back, bracket, plain] = found?.slice(1) ?? [];
  const name =
    single?.replaceAll("''", "'") ??
    double?.replaceAll('""', '"') ??
    back?.replaceAll('``', '`') ??
    bracket ??
    plain;
  return name === '' ? undefined : name;
}

/** Does a trigger insert into, update or delete from the table called `name`? */
function writesTo(triggerSql: string, name: string): boolean {
  const quoted = [name, `"${name.replaceAll('"', '""')}"`, `'${name.replaceAll("'", "''")}'`];
  quoted.push(`\`${name.replaceAll('`', '``')}\``, `[${name}]`);
  const anyForm = quoted.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const verb = String.raw`(?:\binto|\bdelete\s+from|\bupdate(?:\s+or\s+\w+)?)\s*`;
  return new RegExp(`${verb}(?:${anyForm})(?![\\p{L}\\p{N}_$])`, 'iu').test(withoutComments(triggerSql));
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}
