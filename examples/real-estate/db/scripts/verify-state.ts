import seed from '../seed.ts';

/** Counts, foreign keys, row by row equality with the seed, and every image URL. Add --remote for the remote. */
export default seed.verify;
