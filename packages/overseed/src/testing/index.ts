/** What others need to test parts of their own against Overseed's promises. */
export { type AssetStoreHarness, assetStoreContract, type ContractCase } from './asset-store-contract.ts';
