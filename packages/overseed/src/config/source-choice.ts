/** What a source is, from how it is written. */
import path from 'node:path';
import type { SourceChoice } from './config.ts';
import type { SourceConfig } from './user-config.ts';

const MODULE = /\.[cm]?[jt]s$/;
const SQLITE = /\.(db3?|sqlite3?)$/;
/** Formats that a folder holds, one file a table. */
const TABLE_FILE = /\.(ndjson|jsonl|json|csv)$/;

/** @returns what is wrong with it, when that is a text */
export function classifySource(given: SourceConfig, root: string): SourceChoice | string {
  if (typeof given !== 'string') return fromObject(given, root);
  if (given === '-') return { kind: 'stdin', label: 'standard input' };
  const at = { path: path.resolve(root, given), label: given };
  if (MODULE.test(given)) return { kind: 'module', ...at };
  if (SQLITE.test(given)) return { kind: 'sqlite', ...at };
  if (given.endsWith('.sql')) return { kind: 'script', ...at };
  if (TABLE_FILE.test(given))
    return `names one file of data: name its folder, "${path.dirname(given)}", where each file is a table`;
  if (path.extname(given) !== '')
    return 'does not say what it is: write { module }, { sqlite }, { script } or { folder }';
  return { kind: 'folder', ...at, delimiter: ',' };
}

function fromObject(given: Exclude<SourceConfig, string>, root: string): SourceChoice {
  const at = (label: string) => ({ path: path.resolve(root, label), label });
  if ('module' in given) return { kind: 'module', ...at(given.module), casing: given.casing };
  if ('sqlite' in given) return { kind: 'sqlite', ...at(given.sqlite) };
  if ('script' in given) return { kind: 'script', ...at(given.script) };
  return { kind: 'folder', ...at(given.folder), delimiter: given.delimiter ?? ',' };
}
