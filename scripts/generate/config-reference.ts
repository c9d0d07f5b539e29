/** The keys of a configuration as a table, with the objects inside them. */
import type { DescribedField, Shape } from '../../packages/overseed/src/config/shape.ts';
import { table } from './table.ts';

interface Entry {
  readonly words: string[];
  readonly descriptions: string[];
  isRequired: boolean;
}

export function configReference(shape: Shape<unknown>): string {
  const entries = new Map<string, Entry>();
  collect(shape.fields ?? [], '', entries, new Map());
  const rows = [...entries].map(([path, { words, descriptions, isRequired }]) => [
    `\`${path}\`${isRequired ? ' (required)' : ''}`,
    words.join(' or '),
    descriptions.join(' '),
  ]);
  return `${table(['key', 'must be', 'means'], rows)}\n`;
}

/** Keys that several alternatives have share a line. @param seen shapes that were listed, by where */
function collect(
  fields: readonly DescribedField[],
  prefix: string,
  entries: Map<string, Entry>,
  seen: Map<Shape<unknown>, string>,
): void {
  for (const { name, isRequired, description, shape } of fields) {
    const path = `${prefix}${name}`;
    const entry = entries.get(path) ?? { words: [], descriptions: [], isRequired };
    entries.set(path, entry);
    if (!entry.words.includes(shape.words)) entry.words.push(shape.words);
    if (!entry.descriptions.includes(description)) entry.descriptions.push(description);
    const before = seen.get(shape);
    if (before !== undefined && shape.inside?.length) {
      entry.descriptions.push(`The same as \`${before}\`.`);
      continue;
    }
    seen.set(shape, path);
    for (const inner of shape.inside ?? []) collect(inner.fields, `${path}${inner.at}`, entries, seen);
  }
}
