/**
 * Tables outside the scope that the user allows to follow: they become part of the desired database, holding what is
 * on the target now, minus (or changed by) what their foreign keys say about the rows that go away. From then on they
 * are compared, backed up, applied and verified like any other table, so an undo brings their rows back too.
 */
import { actionOn, type Dependants } from '../model/dependants.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import { type ForeignKey, referencedColumns, storedColumns, type Table } from '../model/schema.ts';
import { isRefusal } from '../sqlite/engine-error.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { hasReference, refersTo } from '../sqlite/references.ts';
import { replaySchema } from '../sqlite/replay-schema.ts';
import { sameKey } from '../sqlite/same-key.ts';
import { foldName } from '../util/fold-name.ts';
import { quoteName } from '../util/sql.ts';

interface Edge {
  readonly child: Table;
  readonly foreignKey: ForeignKey;
  readonly parent: Table;
}

/**
 * Adds `followers`, which are among `tables`, to the desired database.
 * @returns how many rows follow in which way
 * @throws WOULD_CASCADE when what the schema says breaks another of its rules
 */
export function followCascades(
  database: LocalDatabase,
  tables: readonly Table[],
  followers: readonly Table[],
  actualFile: string,
): Dependants[] {
  // A run that plans again finds what it made before.
  for (const { name } of followers) database.exec(`DROP TABLE IF EXISTS ${quoteName(name)}`);
  replaySchema(database, followers, 'unique');
  database.run('ATTACH ? AS actual', [actualFile]);
  try {
    for (const table of followers) {
      const columns = storedColumns(table)
        .map(({ name }) => quoteName(name))
        .join(', ');
      const name = quoteName(table.name);
      database.run(`INSERT INTO main.${name} (${columns}) SELECT ${columns} FROM actual.${name}`);
    }
    return settle(database, edgesOf(followers, tables));
  } finally {
    database.exec('DETACH actual');
  }
}

function edgesOf(followers: readonly Table[], tables: readonly Table[]): Edge[] {
  const byName = new Map(tables.map((table) => [foldName(table.name), table]));
  return followers.flatMap((child) =>
    child.foreignKeys.flatMap((foreignKey) => {
      const parent = byName.get(foldName(foreignKey.parent));
      return parent ? [{ child, foreignKey, parent }] : [];
    }),
  );
}

/** Again and again, because a row that goes may be the parent of another. Each turn leaves fewer rows to follow. */
function settle(database: LocalDatabase, edges: readonly Edge[]): Dependants[] {
  const followed = new Map<string, Dependants>();
  const note = ({ child }: Edge, action: Dependants['action'], rows: number) => {
    const key = `${action} ${child.name}`;
    if (rows > 0)
      followed.set(key, {
        table: child.name,
        rows: rows + (followed.get(key)?.rows ?? 0),
        action,
        allowed: action !== 'orphan',
      });
  };
  for (let moved = true; moved; ) {
    moved = false;
    for (const edge of edges) {
      for (const event of ['update', 'delete'] as const) {
        const rows = follow(database, edge, event);
        note(edge, actionOn(event, edge.foreignKey), rows);
        if (rows > 0) moved = true;
      }
    }
  }
  for (const edge of edges) {
    const left = database.count(
      `SELECT count(*) FROM main.${quoteName(edge.child.name)} AS c WHERE ${lost(edge)}`,
    );
    note(edge, 'orphan', left);
  }
  return [...followed.values()];
}

/** Does to the rows of one foreign key what it says. @returns number of rows changed */
function follow(database: LocalDatabase, edge: Edge, event: 'update' | 'delete'): number {
  const { child, foreignKey } = edge;
  const where = `${lost(edge)} AND ${event === 'update' ? '' : 'NOT '}${livesOn(edge)}`;
  const name = `main.${quoteName(child.name)}`;
  const set = (newValueOf: (column: string, index: number) => string) => {
    const sets = foreignKey.columns.map(
      (column, index) => `${quoteName(column)}=${newValueOf(column, index)}`,
    );
    return `UPDATE OR ABORT ${name} AS c SET ${sets.join(', ')} WHERE ${where}`;
  };
  const action = actionOn(event, foreignKey);
  try {
    switch (action) {
      case 'delete':
        return database.run(`DELETE FROM ${name} AS c WHERE ${where}`);
      case 'update':
        return database.run(set((_, index) => newValue(edge, index)));
      case 'set-null':
        return database.run(set(() => 'NULL'));
      case 'set-default': {
        const defaults = foreignKey.columns.map((column) => defaultOf(child, column));
        // Rows that have the default already would be changed for ever.
        const differ = foreignKey.columns.map(
          (column, index) => `c.${quoteName(column)} IS NOT ${defaults[index]}`,
        );
        return database.run(`${set((_, index) => defaults[index] ?? 'NULL')} AND (${differ.join(' OR ')})`);
      }
      case 'orphan':
        return 0;
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new OverseedError('WOULD_CASCADE', {
      what: `Rows of ${child.name} cannot follow those of ${edge.parent.name} as the schema says: ${messageOf(error)}.`,
      state: 'old',
      next: 'Change those rows on the target first, or keep the rows they refer to in the source.',
      cause: error,
    });
  }
}

/** The row `c` refers to a value that was there and is no more. */
function lost({ foreignKey, parent }: Edge): string {
  const name = quoteName(parent.name);
  return `${hasReference(foreignKey, 'c')}
    AND EXISTS (SELECT 1 FROM actual.${name} AS a WHERE ${refersTo(foreignKey, 'c', parent, 'a')})
    AND NOT EXISTS (SELECT 1 FROM main.${name} AS d WHERE ${refersTo(foreignKey, 'c', parent, 'd')})`;
}

/** The row that `c` referred to is still there, with another value in the referenced columns. */
function livesOn(edge: Edge): string {
  return edge.parent.key.length === 0 ? '0' : `EXISTS (SELECT 1 ${successor(edge)})`;
}

function newValue(edge: Edge, index: number): string {
  const column = referencedColumns(edge.foreignKey, edge.parent)[index];
  return column === undefined || edge.parent.key.length === 0
    ? 'NULL'
    : `(SELECT d.${quoteName(column)} ${successor(edge)})`;
}

function successor({ foreignKey, parent }: Edge): string {
  const name = quoteName(parent.name);
  return `FROM actual.${name} AS a JOIN main.${name} AS d ON ${sameKey(parent, 'a', 'd')} WHERE ${refersTo(foreignKey, 'c', parent, 'a')}`;
}

function defaultOf(table: Table, column: string): string {
  return `(${table.columns.find(({ name }) => foldName(name) === foldName(column))?.default ?? 'NULL'})`;
}
