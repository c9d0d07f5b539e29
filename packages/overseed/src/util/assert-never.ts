/** Makes a `switch` over a union stop compiling when the union grows. */
export function assertNever(value: never): never {
  throw new TypeError(`Unexpected case: ${JSON.stringify(value)}`);
}
