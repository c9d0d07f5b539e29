/** Runs an SQL script in a scratch database: what it says about rows and tables, and nothing that reaches beyond the file. */
import { messageOf } from '../../model/error.ts';
import { isEngineError } from '../../sqlite/engine-error.ts';
import type { LocalDatabase } from '../../sqlite/local-database.ts';
import { breather } from '../../util/breathe.ts';
import { foldName } from '../../util/fold-name.ts';
import { quoteName } from '../../util/sql.ts';
import { readText } from '../files/read-text.ts';
import { type ScriptStatement, StatementSplitter, withoutComments } from './split-statements.ts';

const RUN = new Set(['INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'WITH', 'CREATE', 'DROP', 'ALTER']);
/** Dumps frame their rows with these. Here one transaction is around everything, and settings are ours. */
const PASSED_OVER = new Set([
  'BEGIN',
  'COMMIT',
  'END',
  'PRAGMA',
  'ANALYZE',
  'SAVEPOINT',
  'RELEASE',
  'VACUUM',
]);

/** A statement of a script failed, or may not be run. */
export class ScriptFailed extends Error {
  readonly line: number;
  constructor(message: string, line: number, cause?: unknown) {
    super(message, { cause });
    this.line = line;
  }
}

/**
 * @param prepared name of a table that is there although the script may create it; then its own definition is taken
 * @throws ScriptFailed, NotUtf8
 */
export async function runScript(database: LocalDatabase, file: string, prepared?: string): Promise<void> {
  const splitter = new StatementSplitter();
  const breathe = breather();
  database.exec('BEGIN');
  for await (const piece of readText(file)) {
    for (const statement of splitter.feed(piece)) {
      runStatement(database, statement, prepared);
      await breathe();
    }
  }
  const last = splitter.finish();
  if (last) runStatement(database, last, prepared);
  database.exec('COMMIT');
}

function runStatement(database: LocalDatabase, { sql, line }: ScriptStatement, prepared?: string): void {
  const [word = ''] = /^(\w+|.)/s.exec(withoutComments(sql)) ?? [];
  const keyword = word.toUpperCase();
  if (PASSED_OVER.has(keyword)) return;
  if (!RUN.has(keyword))
    throw new ScriptFailed(`begins a statement with ${word}, which a source may not run`, line);
  try {
    const created = createdTable(sql);
    if (prepared !== undefined && created !== undefined && foldName(created) === foldName(prepared))
      database.exec(`DROP TABLE IF EXISTS ${quoteName(prepared)}`);
    database.exec(sql);
  } catch (error) {
    if (!isEngineError(error)) throw error;
    throw new ScriptFailed(`is refused by the database engine: ${messageOf(error)}`, line, error);
  }
}

/** Name of the table that `sql` creates; undefined when it creates none. */
function createdTable(sql: string): string | undefined {
  const match =
    /^create\s+table\s+(?:if\s+not\s+exists\s+)?(?:"((?:[^"]|"")+)"|\[([^\]]+)\]|`([^`]+)`|'([^']+)'|(\w+))/i.exec(
      withoutComments(sql),
    );
  return match
    ?.slice(1)
    .find((name) => name !== undefined)
    ?.replaceAll('""', '"');
}
