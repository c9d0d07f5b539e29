/** Checks of what people write, key by key: unknown ones, missing ones, and values that cannot be meant. */
import { describeValue } from '../model/value.ts';
import { nearestName } from '../util/nearest-name.ts';

/** Says what is wrong, each problem with its whole path. */
export type Check = (where: string, value: unknown) => string[];

/** @param keys every key that may be there, with its check */
export function checkKeys(
  where: string,
  value: unknown,
  keys: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
): string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return [`${where}: is ${describeValue(value)}, and must be an object`];
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const present = new Set(entries.map(([key]) => key));
  return [
    ...required.filter((key) => !present.has(key)).map((key) => `${where}.${key}: is missing`),
    ...entries.flatMap(([key, one]) => {
      const check = Object.hasOwn(keys, key) ? keys[key] : undefined;
      return check ? check(`${where}.${key}`, one) : [unknownKey(where, key, Object.keys(keys))];
    }),
  ];
}

function unknownKey(where: string, key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  return `${where}.${key}: is not a known key${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}`;
}

const check =
  (isGood: (value: unknown) => boolean, wanted: string): Check =>
  (where, value) =>
    isGood(value) ? [] : [`${where}: is ${describeValue(value)}, and must be ${wanted}`];

export const isText = check((value) => typeof value === 'string' && value !== '', 'a text');
export const isBoolean = check((value) => typeof value === 'boolean', 'true or false');

export const isWholeNumber = (least: number, most: number) =>
  check(
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${least} on`
      : `a whole number from ${least} to ${most}`,
  );

export const oneOf = (...words: string[]) =>
  check((value) => words.includes(String(value)), words.map((word) => `"${word}"`).join(' or '));

export const listOf = (pattern: RegExp, wanted: string): Check => {
  const one = check((value) => typeof value === 'string' && pattern.test(value), wanted);
  return (where, value) =>
    Array.isArray(value)
      ? value.flatMap((element, index) => one(`${where}[${index}]`, element))
      : [`${where}: is ${describeValue(value)}, and must be a list`];
};

export const isObject =
  (keys: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (where, value) =>
    checkKeys(where, value, keys, required);
