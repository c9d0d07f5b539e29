/**
 * Shapes: small descriptions of what a configuration may hold. One description serves three readers: the validator,
 * which collects every problem; the published JSON Schema; and the reference in the documentation.
 */
import { nearestName } from '../util/nearest-name.ts';

/** Something wrong with one value of a configuration. */
export interface ConfigProblem {
  /** `targets.production.url` */
  readonly path: string;
  /** What is wrong, and what to write instead. */
  readonly message: string;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a value of type `T` looks like. */
export interface Shape<T> {
  /** In words, after "must be": `a whole number from 0`. */
  readonly words: string;
  readonly jsonSchema: JsonSchema;
  /** Whether `value` is meant to be of this shape at all: which of several alternatives to complain about. */
  fits(value: unknown): boolean;
  /** Reports everything that is wrong with `value`. */
  check(value: unknown, path: string, report: (problem: ConfigProblem) => void): void;
  /** Fields of an object, for the reference; undefined for anything else. */
  readonly fields?: readonly DescribedField[];
  /** Objects inside, for the reference: `at` goes on after the path of this one. */
  readonly inside?: readonly { readonly at: string; readonly fields: readonly DescribedField[] }[];
  /** Only so that the compiler knows `T`. */
  readonly type?: T;
}

export interface DescribedField {
  readonly name: string;
  readonly isRequired: boolean;
  readonly description: string;
  readonly shape: Shape<unknown>;
}

type Report = (problem: ConfigProblem) => void;

function plain<T>(words: string, jsonSchema: JsonSchema, isGood: (value: unknown) => boolean): Shape<T> {
  return {
    words,
    jsonSchema,
    fits: isGood,
    check(value, path, report) {
      if (!isGood(value)) report({ path, message: `must be ${words}` });
    },
  };
}

/** Text that is not empty; `pattern` says more, and then `words` must too. */
export function text(words = 'text', pattern?: RegExp): Shape<string> {
  return {
    ...plain<string>(
      words,
      { type: 'string', pattern: (pattern ?? /\S/).source },
      (value) => typeof value === 'string' && (pattern ?? /\S/).test(value),
    ),
    fits: (value) => typeof value === 'string',
  };
}

export function choice<const T extends string>(...values: readonly T[]): Shape<T> {
  const words = values.map((value) => `"${value}"`).join(' or ');
  return plain<T>(words, { enum: values }, (value) => values.includes(value as T));
}

export function flag(): Shape<boolean> {
  return plain('true or false', { type: 'boolean' }, (value) => typeof value === 'boolean');
}

export function count({ from = 0 }: { from?: number } = {}): Shape<number> {
  return plain(
    `a whole number from ${from}`,
    { type: 'integer', minimum: from },
    (value) => Number.isSafeInteger(value) && (value as number) >= from,
  );
}

/** A number above 0, whole or not. */
export function positive(): Shape<number> {
  return plain(
    'a number above 0',
    { type: 'number', exclusiveMinimum: 0 },
    (value) => Number.isFinite(value) && (value as number) > 0,
  );
}

/** Something that only code can hold; a JSON file cannot. */
export function code<T>(words: string, isGood: (value: unknown) => boolean): Shape<T> {
  return plain(words, { not: {} }, isGood);
}

export function list<T>(item: Shape<T>, words: string): Shape<readonly T[]> {
  return {
    words,
    jsonSchema: { type: 'array', items: item.jsonSchema },
    fits: Array.isArray,
    check(value, path, report) {
      if (!Array.isArray(value)) return report({ path, message: `must be ${words}` });
      value.forEach((entry, index) => {
        item.check(entry, `${path}[${index}]`, report);
      });
    },
  };
}

/** An object whose keys are names that the user chooses. */
export function record<T>(value: Shape<T>, words: string, keys?: RegExp): Shape<Readonly<Record<string, T>>> {
  return {
    words,
    jsonSchema: {
      type: 'object',
      additionalProperties: value.jsonSchema,
      ...(keys && { propertyNames: { pattern: keys.source } }),
    },
    inside: (value.inside ?? []).map(({ at, fields }) => ({ at: `.<name>${at}`, fields })),
    fits: isObject,
    check(given, path, report) {
      if (!isObject(given)) return report({ path, message: `must be ${words}` });
      for (const [name, entry] of Object.entries(given)) {
        const at = join(path, name);
        if (keys && !keys.test(name))
          report({ path: at, message: 'is not a name: letters, digits, ".", "_" and "-" may stand in one' });
        value.check(entry, at, report);
      }
    },
  };
}

/** The first alternative that `fits` is the one that is meant. */
export function either<T>(words: string, ...alternatives: readonly Shape<unknown>[]): Shape<T> {
  const chosen = (value: unknown) => alternatives.find((alternative) => alternative.fits(value));
  return {
    words,
    jsonSchema: { anyOf: alternatives.map(({ jsonSchema }) => jsonSchema) },
    inside: alternatives.flatMap(({ inside = [] }) => inside),
    fits: (value) => chosen(value) !== undefined,
    check(value, path, report) {
      const alternative = chosen(value);
      if (alternative) alternative.check(value, path, report);
      else report({ path, message: `must be ${words}` });
    },
  };
}

export interface Field<T> {
  readonly shape: Shape<T>;
  readonly description: string;
  readonly isRequired?: boolean;
}

/** An object with exactly these keys; a key that is not among them is a problem, and the nearest one is named. */
export function object<T extends object>(
  words: string,
  fields: { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> },
  options: { /** Told from its alternatives by this key. */ readonly by?: keyof T & string } = {},
): Shape<T> {
  const entries = Object.entries(fields) as [string, Field<unknown>][];
  const required = entries.filter(([, { isRequired }]) => isRequired).map(([name]) => name);
  const described = entries.map(([name, { shape, description, isRequired = false }]) => ({
    name,
    isRequired,
    description,
    shape,
  }));
  return {
    words,
    fields: described,
    inside: [{ at: '.', fields: described }],
    jsonSchema: {
      type: 'object',
      properties: Object.fromEntries(
        entries.map(([name, { shape, description }]) => [name, { description, ...shape.jsonSchema }]),
      ),
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    },
    fits: (value) =>
      isObject(value) && (options.by === undefined || isMarked(value, options.by, fields[options.by].shape)),
    check(value, path, report) {
      if (!isObject(value)) return report({ path, message: `must be ${words}` });
      checkKeys(value, path, entries, report);
      for (const name of required)
        if (value[name] === undefined) report({ path: join(path, name), message: 'is missing' });
      for (const [name, { shape }] of entries)
        if (value[name] !== undefined) shape.check(value[name], join(path, name), report);
    },
  };
}

/** A key such as `kind` must hold its value; one that is only in this alternative just has to be there. */
function isMarked(value: Record<string, unknown>, key: string, shape: Shape<unknown>): boolean {
  return 'enum' in shape.jsonSchema ? shape.fits(value[key]) : value[key] !== undefined;
}

function checkKeys(
  value: Record<string, unknown>,
  path: string,
  entries: readonly [string, unknown][],
  report: Report,
): void {
  const names = entries.map(([name]) => name);
  for (const name of Object.keys(value)) {
    if (names.includes(name)) continue;
    const meant = nearestName(name, names);
    report({
      path: join(path, name),
      message: `is not a known key${meant ? ` (did you mean "${meant}"?)` : `; known are ${names.join(', ')}`}`,
    });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}
