/** The Standard Schema interface (standardschema.dev), described by its shape: zod, valibot and arktype all fit. */
export interface StandardSchema {
  readonly '~standard': {
    readonly version: 1;
    validate(value: unknown): StandardResult | Promise<StandardResult>;
  };
}

type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
      }[];
    };

/** A rule for the rows of one table: a schema, or a function that returns what is wrong (or nothing). */
export type Rule<Row = Record<string, unknown>> =
  | StandardSchema
  | ((row: Row) => string | readonly string[] | undefined);

function isStandardSchema(rule: unknown): rule is StandardSchema {
  // A schema may itself be callable (arktype), so the marker is looked for first.
  return rule !== null && (typeof rule === 'object' || typeof rule === 'function') && '~standard' in rule;
}

/** What is wrong with `row`: messages with the column each is about, if it is about one. */
export async function checkRule(
  rule: Rule,
  row: Record<string, unknown>,
): Promise<{ column?: string; message: string }[]> {
  if (!isStandardSchema(rule)) {
    const found = rule(row);
    return (found === undefined ? [] : typeof found === 'string' ? [found] : [...found]).map((message) => ({
      message,
    }));
  }
  const result = await rule['~standard'].validate(row);
  return (result.issues ?? []).map(({ message, path }) => {
    const first = path?.[0];
    const column = typeof first === 'object' ? first.key : first;
    return column === undefined ? { message } : { column: String(column), message };
  });
}
