/** Text → the value of a column. Nothing is rounded, and nothing that does not fit is stored as something else. */
import type { SqlValue } from '../../model/value.ts';
import { type ColumnKind, Unfit } from './column-kind.ts';

const INTEGER = /^[+-]?\d+$/;
/** A whole number that a spreadsheet has written as a decimal one. */
const WHOLE_DECIMAL = /^([+-]?\d+)\.0*$/;
const REAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITY = /^([+-]?)(inf|infinity)$/i;
const BOOLEANS = new Map([
  ['true', 1n],
  ['false', 0n],
  ['1', 1n],
  ['0', 0n],
]);

export function fromText(text: string, kind: ColumnKind): SqlValue | Unfit {
  if (!text.isWellFormed())
    return new Unfit('holds half of a surrogate pair, which no database text can hold');
  switch (kind) {
    case 'text':
    case 'any':
    case 'numeric':
      return text;
    case 'integer':
      return toInteger(text);
    case 'real':
      return toReal(text);
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase()) ?? new Unfit('is not true, false, 1 or 0');
    case 'blob':
      return toBytes(text);
  }
}

export function toInteger(text: string): bigint | Unfit {
  const digits = INTEGER.test(text) ? text : WHOLE_DECIMAL.exec(text)?.[1];
  if (digits === undefined) return new Unfit('is not a whole number');
  const value = BigInt(digits.replace('+', ''));
  return BigInt.asIntN(64, value) === value ? value : new Unfit('does not fit into 64 bits');
}

export function toReal(text: string): number | Unfit {
  const infinity = INFINITY.exec(text);
  if (infinity) return infinity[1] === '-' ? -Infinity : Infinity;
  return REAL.test(text) ? Number(text) : new Unfit('is not a number');
}

const HEX = /^([0-9a-f]{2})*$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** `hex:00ff`, `base64:AP8=`, or base64 without a word in front. */
function toBytes(text: string): Uint8Array | Unfit {
  const [, encoding = 'base64', digits = ''] = /^(?:(hex|base64):)?(.*)$/s.exec(text) ?? [];
  if (encoding === 'hex')
    return HEX.test(digits) ? bytesOf(digits, 'hex') : new Unfit('is not hex: pairs of 0-9 and a-f');
  return BASE64.test(digits)
    ? bytesOf(digits, 'base64')
    : new Unfit('is not base64 (or hex: and hex digits)');
}

function bytesOf(digits: string, encoding: 'hex' | 'base64'): Uint8Array {
  return new Uint8Array(Buffer.from(digits, encoding));
}
