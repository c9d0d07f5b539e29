/** The paths that a cell holds: one, or a JSON array of them. */
import type { AssetDeclaration } from '../model/asset-columns.ts';
import { describeValue, type SqlValue } from '../model/value.ts';
import type { RowProblem } from '../source/source.ts';

export type FoundPaths =
  | { readonly paths: readonly string[]; readonly isList: boolean }
  | { readonly problem: RowProblem };

/** NULL means that there is no file; an empty list, that there are none. */
export function pathsIn({ list = false }: AssetDeclaration, value: SqlValue | undefined): FoundPaths {
  if (value === null || value === undefined) return { paths: [], isList: false };
  if (typeof value !== 'string') return wrong(value, list ? 'is not a JSON array of paths' : 'is not a path');
  if (!list) return { paths: [value], isList: false };
  let elements: unknown;
  try {
    elements = JSON.parse(value);
  } catch {
    // Said below, as of any other text that is no array.
  }
  if (!Array.isArray(elements)) return wrong(value, 'is not a JSON array of paths');
  const index = elements.findIndex((element) => typeof element !== 'string');
  if (index !== -1)
    return wrong(
      value,
      `has ${JSON.stringify(elements[index])} where a path should be (number ${index + 1} in the list)`,
    );
  return { paths: elements as string[], isList: true };
}

function wrong(value: SqlValue, message: string): FoundPaths {
  return { problem: { value: describeValue(value), message } };
}
