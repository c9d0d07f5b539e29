/** Cells as people see them: typed, short, readable, without secrets. */
import type { SqlValue } from '../../model/value.ts';
import { formatBytes, formatCount } from '../../util/format.ts';
import type { CellChange, ShownValue } from '../facts.ts';
import { isSecretColumn, type Redact } from '../redact.ts';
import { aroundDifference, differingParts } from './differing.ts';
import { shorten, visible, visibleName } from './visible.ts';

/** Longer texts are searched for secrets only around what is shown of them. */
const SEARCHED = 4_096;
/** Of a value that has no other side. */
const SHOWN = 120;
const BLOB_BYTES = 12;
/** From here on it is worth a word how long a text is that is not shown whole, in characters. */
const LARGE = 1_000;

/** A column whose value changes. */
export function showChange(column: string, before: SqlValue, after: SqlValue, redact: Redact): CellChange {
  const name = visibleName(column);
  if (isHidden(column, before) || isHidden(column, after))
    return { column: name, before: hiddenUnlessNull(before), after: hiddenUnlessNull(after) };
  if (typeof before !== 'string' || typeof after !== 'string')
    return { column: name, before: showAlone(before, redact), after: showAlone(after, redact) };
  const isLong = before.length > SEARCHED || after.length > SEARCHED;
  const window = isLong ? aroundDifference(before, after, SEARCHED) : ([before, after] as const);
  const [first, second] = [redact(window[0]), redact(window[1])];
  // What differs is the secret itself.
  if (first === second) return { column: name, before: HIDDEN, after: HIDDEN };
  const [old, now] = differingParts(first, second);
  return {
    column: name,
    before: textValue(old, before),
    after: textValue(now, after),
  };
}

/** A column of a row that comes or goes. */
export function showCell(column: string, value: SqlValue, redact: Redact): ShownValue {
  return isHidden(column, value) ? HIDDEN : showAlone(value, redact);
}

const HIDDEN: ShownValue = { kind: 'hidden', parts: ['hidden', '', ''] };

function isHidden(column: string, value: SqlValue): boolean {
  return isSecretColumn(column) && (typeof value === 'string' || value instanceof Uint8Array);
}

function hiddenUnlessNull(value: SqlValue): ShownValue {
  return value === null ? showAlone(null, (text) => text) : HIDDEN;
}

function showAlone(value: SqlValue, redact: Redact): ShownValue {
  const plain = (kind: ShownValue['kind'], text: string): ShownValue => ({ kind, parts: [text, '', ''] });
  if (value === null) return plain('null', 'NULL');
  if (typeof value === 'bigint') return plain('integer', String(value));
  // 1.0 and 1 are different values.
  if (typeof value === 'number')
    return plain('real', Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value));
  if (typeof value === 'string')
    return textValue([shorten(redact(value.slice(0, SEARCHED)), SHOWN), '', ''], value);
  const hex = Buffer.from(value.subarray(0, BLOB_BYTES)).toString('hex');
  return {
    ...plain('blob', `x'${hex}${value.byteLength > BLOB_BYTES ? '…' : ''}'`),
    size: formatBytes(value.byteLength),
  };
}

function textValue(parts: ShownValue['parts'], whole: string): ShownValue {
  const [before, different, after] = parts;
  const isCut = whole.length >= LARGE && before.length + different.length + after.length < whole.length;
  return {
    kind: 'text',
    parts: [visible(before), visible(different), visible(after)],
    ...(isCut ? { size: `${formatCount(whole.length)} characters` } : {}),
  };
}
