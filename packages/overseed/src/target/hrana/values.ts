/** SQLite values as Hrana JSON. Source: the published protocol, "SQL over HTTP, version 3". */
import type { SqlValue } from '../../model/value.ts';

export type HranaValue =
  | { readonly type: 'null' }
  | { readonly type: 'integer'; readonly value: string }
  | { readonly type: 'float'; readonly value: number | null }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'blob'; readonly base64: string };

/** @throws RangeError for a number that JSON cannot carry; `bindValue` never lets one through */
export function toHrana(value: SqlValue): HranaValue {
  if (value === null) return { type: 'null' };
  if (typeof value === 'bigint') return { type: 'integer', value: value.toString() };
  if (typeof value === 'string') return { type: 'text', value };
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Object.is(value, -0))
      throw new RangeError(`${value} cannot travel as a parameter`);
    return { type: 'float', value };
  }
  return {
    type: 'blob',
    base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
  };
}

export function fromHrana(value: HranaValue): SqlValue {
  switch (value.type) {
    case 'null':
      return null;
    case 'integer':
      return BigInt(value.value);
    case 'float':
      // A server writes null for what JSON has no number for; the projection made infinities travel as text.
      return value.value ?? Number.NaN;
    case 'text':
      return value.value;
    case 'blob':
      return new Uint8Array(Buffer.from(value.base64, 'base64'));
  }
}
