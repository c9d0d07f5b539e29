/** A value of a seed module → the value of a column. */
import type { SqlValue } from '../../model/value.ts';
import { type ColumnKind, Unfit } from './column-kind.ts';
import { fromText } from './from-text.ts';

export function fromJavaScript(value: unknown, kind: ColumnKind): SqlValue | Unfit {
  switch (typeof value) {
    case 'string':
      return kind === 'blob'
        ? new Unfit('is text, and the column holds bytes: give a Uint8Array')
        : fromText(value, kind);
    case 'number':
      return fromNumber(value, kind);
    case 'bigint':
      return fromBigInt(value, kind);
    case 'boolean':
      return kind === 'text' ? new Unfit('is true or false, and the column holds text') : value ? 1n : 0n;
    case 'object':
      return value === null ? null : fromObject(value, kind);
    default:
      return new Unfit(`is a ${typeof value}, not a value`);
  }
}

function fromNumber(value: number, kind: ColumnKind): SqlValue | Unfit {
  if (Number.isNaN(value)) return new Unfit('is not a number (NaN)');
  if (kind === 'real') return value;
  if (kind === 'text') return String(value);
  if (kind === 'boolean')
    return value === 0 || value === 1 ? BigInt(value) : new Unfit('is not true, false, 1 or 0');
  if (kind === 'integer' && !Number.isInteger(value)) return new Unfit('is not a whole number');
  // Beyond 2^53 a literal may have been rounded already, before we saw it.
  if (kind === 'integer' && !Number.isSafeInteger(value))
    return new Unfit('is beyond 2^53, where numbers are rounded: write a bigint (12n)');
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
}

function fromBigInt(value: bigint, kind: ColumnKind): SqlValue | Unfit {
  if (BigInt.asIntN(64, value) !== value) return new Unfit('does not fit into 64 bits');
  if (kind === 'text') return String(value);
  if (kind !== 'real') return value;
  return BigInt(Number(value)) === value ? Number(value) : new Unfit('would be rounded in a REAL column');
}

function fromObject(value: object, kind: ColumnKind): SqlValue | Unfit {
  if (value instanceof Date) return fromDate(value, kind);
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
    return kind === 'blob' || kind === 'any'
      ? new Uint8Array(value)
      : new Unfit(`is bytes, and the column holds ${kind}`);
  }
  if (!isPlain(value)) return new Unfit(`is a ${value.constructor.name}, not a value`);
  if (kind === 'text' || kind === 'any' || kind === 'numeric') return fromText(JSON.stringify(value), 'text');
  return new Unfit(`is an object, and the column holds ${kind}`);
}

function fromDate(value: Date, kind: ColumnKind): SqlValue | Unfit {
  if (Number.isNaN(value.getTime())) return new Unfit('is not a valid date');
  if (kind === 'text' || kind === 'numeric' || kind === 'any') return value.toISOString();
  return new Unfit('is a Date, and an integer column may mean seconds or milliseconds: give the number');
}

/** What JSON carries: arrays and objects without a class. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
