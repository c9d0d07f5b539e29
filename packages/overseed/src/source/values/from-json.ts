/**
 * JSON → the value of a column, exactly. Numbers keep the digits they are written with: JavaScript would round integers
 * beyond 2^53, and could not tell 1.0 from 1.
 */
import type { SqlValue } from '../../model/value.ts';
import { type ColumnKind, Unfit } from './column-kind.ts';
import { fromText, toInteger } from './from-text.ts';

/** A JSON number as it is written. */
export class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** In a JSON column, the digits go on as they are. */
  toJSON(): unknown {
    return JSON.rawJSON(this.text);
  }
}

declare global {
  interface JSON {
    /** JSON text that `stringify` takes over as it is (ECMAScript, "JSON.parse source text access"; Node 21). */
    rawJSON(text: string): unknown;
  }
}

/** Numbers that JavaScript might change: a fraction, an exponent, many digits. */
const DELICATE = /\d[.eE]|\d{16}|-0/;

/** @throws SyntaxError as `JSON.parse` does */
export function parseJson(text: string): unknown {
  if (!DELICATE.test(text)) return JSON.parse(text);
  const keepDigits = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? new Digits(context.source) : value;
  return JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]);
}

export function fromJson(value: unknown, kind: ColumnKind): SqlValue | Unfit {
  if (value === null) return null;
  if (typeof value === 'string') return fromText(value, kind);
  if (typeof value === 'boolean') {
    return kind === 'text' || kind === 'blob'
      ? new Unfit(`is true or false, and the column holds ${kind}`)
      : value
        ? 1n
        : 0n;
  }
  if (typeof value === 'number') return fromDigits(String(value), kind);
  if (value instanceof Digits) return fromDigits(value.text, kind);
  if (kind === 'text' || kind === 'any' || kind === 'numeric') return fromText(JSON.stringify(value), 'text');
  return new Unfit(`is ${Array.isArray(value) ? 'an array' : 'an object'}, and the column holds ${kind}`);
}

function fromDigits(text: string, kind: ColumnKind): SqlValue | Unfit {
  switch (kind) {
    case 'text':
      return text;
    case 'real':
      return Number(text);
    case 'boolean':
      return text === '1' || text === '0' ? BigInt(text) : new Unfit('is not true, false, 1 or 0');
    case 'blob':
      return new Unfit('is a number, and the column holds bytes: write base64, or hex: and hex digits');
    case 'integer':
      return /[eE]/.test(text) ? fromExponent(text) : toInteger(text);
    case 'numeric':
    case 'any':
      return /[.eE]/.test(text) || text === '-0' ? Number(text) : toInteger(text);
  }
}

/** `1e3` is a whole number too. */
function fromExponent(text: string): SqlValue | Unfit {
  const value = Number(text);
  if (!Number.isInteger(value)) return new Unfit('is not a whole number');
  return Number.isSafeInteger(value)
    ? BigInt(value)
    : new Unfit('is beyond 2^53 and written with an exponent: write all its digits');
}
