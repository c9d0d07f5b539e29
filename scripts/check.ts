/**
 * `npm test`: every check and every test, one line each, then a summary. All steps run even when one has failed, so
 * that one run tells everything. The last line is read by machines: `N passed, N failed`.
 */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type CommandResult, runCommand } from '../test/support/run-command.ts';
import { readTestReport, type TestReport } from './check/test-report.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const REPORT_FILE = path.join(ROOT, '.artefacts', 'vitest.json');
const STEP_TIMEOUT_MS = 20 * 60_000;

const STEPS: readonly { name: string; command: string; args: readonly string[] }[] = [
  { name: 'types', command: 'pnpm', args: ['run', 'types'] },
  { name: 'lint', command: 'pnpm', args: ['exec', 'biome', 'check', '--error-on-warnings', '.'] },
  { name: 'layers', command: process.execPath, args: ['scripts/check-layers.ts'] },
  { name: 'unused exports', command: process.execPath, args: ['scripts/check-unused-exports.ts'] },
];

const failures: string[] = [];

console.log('Checks');
for (const { name, command, args } of STEPS) {
  const startedAt = Date.now();
  const result = await runCommand(command, args, { cwd: ROOT, timeoutMs: STEP_TIMEOUT_MS });
  report(name, result.exitCode === 0, startedAt);
  if (result.exitCode !== 0) {
    failures.push(name);
    console.log(indented(result));
  }
}

console.log('\nTests');
const startedAt = Date.now();
await rm(REPORT_FILE, { force: true });
const tests = await runCommand(
  'pnpm',
  [
    ...['exec', 'vitest', 'run', process.stdout.isTTY ? '--color' : '--no-color'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT_FILE}`],
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, timeoutMs: STEP_TIMEOUT_MS, output: 'show' },
);
// Without a report no test ran, which is a failure of its own.
const results = readTestReport(await readFile(REPORT_FILE, 'utf8').catch(() => undefined));
const problems = problemsOfTests(results, tests.exitCode);
report('tests', problems.length === 0, startedAt);
for (const problem of problems) console.log(`    ${problem}`);
if (problems.length > 0) failures.push('tests');

console.log(failures.length === 0 ? '\nEverything holds.' : `\nFailed: ${failures.join(', ')}.`);
const skipped = results.skipped.length > 0 ? `, ${results.skipped.length} skipped` : '';
console.log(`${results.passed} passed, ${results.failed} failed${skipped}`);
process.exitCode = failures.length === 0 ? 0 : 1;

function problemsOfTests({ passed, failed, skipped }: TestReport, exitCode: number): string[] {
  const found: string[] = [];
  if (failed > 0) found.push(`${failed} failed`);
  if (passed + failed === 0) found.push('no test ran');
  if (exitCode !== 0 && failed === 0) found.push(`vitest ended with exit code ${exitCode}`);
  // In CI a skipped test is a promise that nobody checked.
  if (process.env.CI && skipped.length > 0) found.push(...skipped.map((name) => `skipped, in CI: ${name}`));
  return found;
}

function report(name: string, isGood: boolean, since: number): void {
  console.log(`  ${isGood ? '✓' : '✗'} ${name.padEnd(16)}${((Date.now() - since) / 1000).toFixed(1)} s`);
}

function indented({ stdout, stderr }: CommandResult): string {
  return `${stdout}\n${stderr}`.trim().replaceAll(/^/gm, '    ');
}
