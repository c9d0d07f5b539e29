/** Does the target have the tables and columns that the source is written for? */
import { checkSchema } from '../desired/check-schema.ts';
import { OverseedError } from '../model/error.ts';
import type { Parts } from '../push.ts';
import { readSchema } from '../target/read-schema.ts';
import { countOf } from '../util/count-of.ts';
import { type Finding, ok, problem } from './finding.ts';

export async function checkTables(
  { source, target, howToMigrate }: Pick<Parts, 'source' | 'target' | 'howToMigrate'>,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    const tables = checkSchema(source, await readSchema(target, signal), target.label, howToMigrate);
    return ok('schema', `${countOf(tables.length, 'table')} as ${source.label} expects`);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OverseedError)) throw error;
    return problem('schema', error.what, error.next);
  }
}
