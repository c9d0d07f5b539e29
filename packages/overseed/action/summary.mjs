/** The job summary: what will change, or has changed, as a person reviews it. */
import { oneLine } from './log.mjs';

/** A summary may have a megabyte; a page that somebody reads has less. */
const MAX_TABLES = 100;
const MAX_FINDINGS = 50;

const TITLES = {
  unchanged: 'nothing to do',
  changes: 'changes',
  applied: 'pushed',
  equal: 'equal',
  different: 'not equal',
  refused: 'refused',
  failed: 'failed',
};

/** Names come from data: shown as they are, without meaning anything in Markdown or HTML. */
function plain(text) {
  const escaped = oneLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll(/[|\\`*_[\]~#@!]/g, (character) => `&#${character.codePointAt(0)};`);
}
const code = (text) => `<code>${plain(text)}</code>`;
const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

export function summaryOf({ command, targets }) {
  return `${[...targets.values()].map((target) => ofTarget(command, target)).join('\n')}\n`;
}

function ofTarget(command, target) {
  const { name, status = 'failed', source, address, failure } = target;
  return [
    `### Overseed ${command}${name ? `: ${plain(name)}` : ''}: ${TITLES[status]}\n`,
    source === undefined ? '' : `${code(source)} → ${code(address)}\n`,
    failure ? failureText(failure) : '',
    tableText(target.tables),
    target.tables.length > 0 ? mediaText(target) : '',
    findingsText(target.findings),
    outcomeText(target.outcome),
    ...target.warnings.map((message) => `> [!WARNING]\n> ${plain(message)}\n`),
  ]
    .filter(Boolean)
    .join('\n');
}

function failureText({ code: name, what, next }) {
  return `> [!CAUTION]\n> ${plain(what)} ${plain(next)} (${plain(name)})\n`;
}

function tableText(tables) {
  const changed = tables.filter(({ inserts, updates, deletes }) => inserts + updates + deletes > 0);
  if (changed.length === 0) return tables.length > 0 ? 'No row differs.\n' : '';
  const cell = (number) => (number === 0 ? '·' : number);
  const rows = changed
    .slice(0, MAX_TABLES)
    .map(
      ({ table, inserts, updates, deletes, unchanged, changedColumns }) =>
        `| ${code(table)} | ${cell(inserts)} | ${cell(updates)} | ${cell(deletes)} | ${cell(unchanged)} | ${columnsText(changedColumns)} |`,
    );
  const left = tables.length - rows.length;
  const same = tables.length - changed.length;
  const rest = left === 0 ? '' : `\n${count(left, 'more table')}, ${same} of them without a change.\n`;
  return `| table | insert | update | delete | same | columns that change |\n| --- | ---: | ---: | ---: | ---: | --- |\n${rows.join('\n')}\n${rest}`;
}

const MAX_COLUMNS = 6;
function columnsText(columns = []) {
  const named = columns.slice(0, MAX_COLUMNS).map(({ column, rows }) => `${code(column)} (${rows})`);
  if (columns.length > MAX_COLUMNS) named.push(`${columns.length - MAX_COLUMNS} more`);
  return named.join(', ');
}

function mediaText({ uploads, uploadBytes, reusedAssets, apply, dependants = [], tables }) {
  const deletes = tables.reduce((sum, table) => sum + table.deletes, 0);
  const lines = [];
  if (deletes > 0) lines.push(`- **${count(deletes, 'row')} ${deletes === 1 ? 'goes' : 'go'} away.**`);
  if (uploads + reusedAssets > 0)
    lines.push(`- Files: ${uploads} to store (${bytesText(uploadBytes)}), ${reusedAssets} already there`);
  if (apply?.estimatedRowsWritten > 0)
    lines.push(`- About ${count(apply.estimatedRowsWritten, 'row')} written, as the database counts`);
  for (const { table, rows } of dependants)
    lines.push(`- Reaches ${count(rows, 'row')} of ${code(table)}, which is outside the source`);
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

function findingsText(findings) {
  if (findings.length === 0) return '';
  const rows = findings
    .slice(0, MAX_FINDINGS)
    .map(
      ({ status, subject, detail, cure }) =>
        `| ${status === 'ok' ? '✔' : '✘'} | ${plain(subject)} | ${plain(cure ? `${detail} ${cure}` : detail)} |`,
    );
  const left = findings.length - rows.length;
  return `| | checked | found |\n| --- | --- | --- |\n${rows.join('\n')}\n${left > 0 ? `\n${left} more.\n` : ''}`;
}

function outcomeText(outcome) {
  if (outcome?.status === 'refused') return `Refused: ${plain(refusalText(outcome.reason))}\n`;
  if (outcome?.status !== 'applied') return '';
  const rows = outcome.proof.tables.reduce((sum, table) => sum + table.rows, 0);
  return `Compared afterwards: ${count(rows, 'row')} equal, ${count(outcome.proof.assetsChecked, 'file')} asked for. Run ${code(outcome.runId)}.\n`;
}

function refusalText(reason) {
  switch (reason.kind) {
    case 'target-has-data':
      return 'the target holds data. With force, it is replaced.';
    case 'not-confirmed':
      return reason.wanted === 'name'
        ? 'the target is protected: name it in confirm.'
        : 'nobody agreed: say force.';
    case 'too-many-deletes':
      return `${reason.deletes} rows would be deleted, and ${reason.allowed} are allowed.`;
    default:
      return reason.kind;
  }
}

function bytesText(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}
