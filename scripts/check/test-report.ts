/** What vitest's JSON reporter wrote, as far as we read it. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  /** The full names of the tests that did not run: skipped, todo or pending. */
  readonly skipped: readonly string[];
}

/**
 * Counts the tests of a report. A test file that broke before its first test counts as one failure.
 * @param json undefined when vitest wrote no report, which counts as no test at all
 */
export function readTestReport(json: string | undefined): TestReport {
  if (json === undefined) return { passed: 0, failed: 0, skipped: [] };
  const { testResults } = JSON.parse(json) as VitestReport;
  const tests = testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed = tests.filter((test) => test.status === 'failed').length;
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  return { passed, failed: failed + brokenFiles, skipped: skipped.map((test) => test.fullName) };
}
