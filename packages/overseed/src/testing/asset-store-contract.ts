/**
 * What every asset store promises, as test cases for any test runner:
 *
 *     for (const { name, run } of assetStoreContract(harness)) test(name, run);
 *
 * The cases talk to a real store: they upload some 1,200 tiny files and a few of 3 MB, below prefixes of their own, and
 * remove them again. A case fails by throwing an AssertionError of `node:assert`.
 */
import { bulkCases } from './asset-store/bulk.ts';
import { type ContractCase, caseWith } from './asset-store/case.ts';
import { credentialCases } from './asset-store/credentials.ts';
import type { AssetStoreHarness } from './asset-store/harness.ts';
import { lifeCases } from './asset-store/life.ts';
import { prefixCases } from './asset-store/prefixes.ts';
import { uploadCases } from './asset-store/uploads.ts';

export type { AssetStoreHarness, ContractCase };

/** The cases that fit the harness: without `tamper` or `wrongSecret` there are fewer. */
export function assetStoreContract(harness: AssetStoreHarness): readonly ContractCase[] {
  return [...lifeCases, ...uploadCases, ...prefixCases, ...bulkCases, ...credentialCases]
    .filter(({ needs }) => needs === undefined || harness[needs] !== undefined)
    .map((promise) => caseWith(harness, promise));
}
