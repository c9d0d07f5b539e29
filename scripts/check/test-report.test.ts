import { expect, test } from 'vitest';
import { readTestReport } from './test-report.ts';

function reportOf(...files: { status: string; tests: string[] }[]): string {
  return JSON.stringify({
    testResults: files.map(({ status, tests }, file) => ({
      name: `file ${file}`,
      status,
      assertionResults: tests.map((status, index) => ({ fullName: `${file}.${index}`, status })),
    })),
  });
}

test('counts passed and failed tests over all files', () => {
  const json = reportOf(
    { status: 'failed', tests: ['passed', 'failed'] },
    { status: 'passed', tests: ['passed'] },
  );
  expect(readTestReport(json)).toEqual({ passed: 2, failed: 1, skipped: [] });
});

test('names every test that did not run', () => {
  const json = reportOf({ status: 'passed', tests: ['passed', 'skipped', 'pending', 'todo'] });
  expect(readTestReport(json).skipped).toEqual(['0.1', '0.2', '0.3']);
});

test('counts a file that broke before its first test as a failure', () => {
  expect(readTestReport(reportOf({ status: 'failed', tests: [] }))).toEqual({
    passed: 0,
    failed: 1,
    skipped: [],
  });
});

test('counts nothing without a report', () => {
  expect(readTestReport(undefined)).toEqual({ passed: 0, failed: 0, skipped: [] });
});
