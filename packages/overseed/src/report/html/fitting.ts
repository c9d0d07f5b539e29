/** Lists on a page of bounded size. Bytes are counted after escaping, which may make six of one. */
import type { Markup } from './markup.ts';

/** As many of `items` as fit into `bytes`, the first ones; the caller says how many are left out. */
export function fitting<T>(items: Iterable<T>, bytes: number, render: (item: T) => Markup): Markup[] {
  const rendered: Markup[] = [];
  let left = bytes;
  for (const item of items) {
    const markup = render(item);
    left -= markup.bytes;
    if (left < 0) break;
    rendered.push(markup);
  }
  return rendered;
}
