/**
 * JSON for people and for `diff`: one key a line, and one object of a list a line. It comes piece by piece, so that a
 * long list is never one text.
 */
export function* jsonLines(value: object): Generator<string> {
  yield* lines(value, '\n');
  yield '\n';
}

/** @param newLine a line break, and the indentation of what is around */
function* lines(value: unknown, newLine: string): Generator<string> {
  const inner = `${newLine}  `;
  let before = inner;
  if (Array.isArray(value) && value.some((item) => typeof item === 'object')) {
    yield '[';
    for (const item of value) {
      yield before + JSON.stringify(item);
      before = `,${inner}`;
    }
    yield `${newLine}]`;
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    yield '{';
    for (const [key, each] of Object.entries(value)) {
      yield `${before}${JSON.stringify(key)}: `;
      yield* lines(each, inner);
      before = `,${inner}`;
    }
    yield `${newLine}}`;
  } else yield JSON.stringify(value);
}
