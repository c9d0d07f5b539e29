/**
 * The shape that data from outside must have. Every place where it is another is reported, by its path; the value that
 * stands there is not, because a file that was named by mistake may hold secrets.
 */

/** Reports what is wrong with `value`, which is at `path`. */
export type Shape = (value: unknown, path: string, report: (problem: string) => void) => void;

/** `expected` completes "is not …". */
function shape(expected: string, fits: (value: unknown) => boolean): Shape {
  return (value, path, report) => {
    if (!fits(value)) report(`${path} ${value === undefined ? 'is missing' : `is not ${expected}`}`);
  };
}

export const aText = shape('a text', (value) => typeof value === 'string');
export const aTruthValue = shape('true or false', (value) => typeof value === 'boolean');
export const aCount = shape('a whole number', (value) => Number.isSafeInteger(value) && Number(value) >= 0);

/** As `Date.prototype.toISOString` writes it. */
export const aTime = shape(
  'a time like 2026-01-31T15:45:00.000Z',
  (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
);

/** SHA-256. */
export const aChecksum = shape(
  '64 hex digits',
  (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
);

export function oneOf(...values: readonly string[]): Shape {
  return shape(`one of ${values.join(', ')}`, (value) => typeof value === 'string' && values.includes(value));
}

export function listOf(item: Shape): Shape {
  return (value, path, report) => {
    if (!Array.isArray(value)) return shape('a list', () => false)(value, path, report);
    value.forEach((each, index) => {
      item(each, `${path}[${index}]`, report);
    });
  };
}

/** An object with at least these keys; others may be there. */
export function withKeys(keys: Readonly<Record<string, Shape>>): Shape {
  return (value, path, report) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return shape('an object', () => false)(value, path, report);
    for (const [key, each] of Object.entries(keys)) {
      const found = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
      each(found, path === '' ? key : `${path}.${key}`, report);
    }
  };
}
