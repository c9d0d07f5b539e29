/** Reads `a=b|c=d`, where a backslash takes the special meaning from `=` and `|`. */
import { ApiError } from '../api-error.ts';

const PAIRS_MAX = 1_000;

export function parseContext(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  const pairs = text.split(/(?<!\\)\|/).map((pair) => pair.split(/(?<!\\)=/));
  if (pairs.length > PAIRS_MAX) throw new ApiError(400, `Too many context pairs. Maximum is ${PAIRS_MAX}`);
  const plain = (part: string) => part.replace(/\\([=|])/g, '$1');
  return Object.fromEntries(pairs.map(([key = '', ...value]) => [plain(key), plain(value.join('='))]));
}
