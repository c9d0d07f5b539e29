import type { Statement } from '../target/target.ts';

export const LEASE_TABLE = '_overseed_lease';

/** 1 when there is a lease table: before the first push there is none. */
export const leaseTableQuestion: Statement = {
  sql: 'SELECT count(*) FROM sqlite_schema WHERE type=? AND name=?',
  args: ['table', LEASE_TABLE],
};

/** The fencing number of the last lease: part of what a plan is based on. */
export const fenceQuestion: Statement = { sql: `SELECT fence FROM ${LEASE_TABLE}` };
