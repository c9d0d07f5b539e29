/** What the values of a column may be, as far as its declared type says it. */
import type { Column } from '../model/schema.ts';

/** `text` holds TEXT, BLOBs and NULL; `real` holds those and REALs; `any` holds everything. */
export type Kind = 'text' | 'real' | 'any';

/** By affinity (sqlite.org/datatype3.html, section 3.1). */
export function kindOf({ type }: Column): Kind {
  if (/INT/i.test(type)) return 'any';
  if (/CHAR|CLOB|TEXT/i.test(type)) return 'text';
  return /REAL|FLOA|DOUB/i.test(type) && !/BLOB/i.test(type) ? 'real' : 'any';
}
