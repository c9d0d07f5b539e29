/** `resources/search`: terms joined by AND, over an index that lags behind. */
import { notEmulated } from '../api-error.ts';
import { type Asset, listItem } from '../asset.ts';
import type { Call, Emulation } from '../call.ts';
import { pageOf } from '../cursor.ts';
import { jsonReply, type Reply } from '../reply.ts';

const PAGE_DEFAULT = 50;
const PAGE_MAX = 500;

const FIELDS: Readonly<Record<string, (asset: Asset) => readonly string[]>> = {
  asset_folder: ({ assetFolder }) => [assetFolder],
  format: ({ format }) => [format],
  public_id: ({ publicId }) => [publicId],
  resource_type: ({ resourceType }) => [resourceType],
  tags: ({ tags }) => tags,
};

export function search({ parameters, nowMs }: Call, { search: index, presentation }: Emulation): Reply {
  if (parameters.all.has('sort_by') || parameters.all.has('aggregate'))
    throw notEmulated('sort_by and aggregate');
  const expression = parameters.one('expression') ?? '';
  const terms = expression.split(/\s+AND\s+/).filter((term) => term.trim() !== '');
  const matches = terms.map(parseTerm);
  const found = index.at(nowMs).filter((asset) => matches.every((isMatch) => isMatch(asset)));
  const withField = parameters.list('with_field');
  const include = { tags: withField.includes('tags'), context: withField.includes('context') };
  const { items, next } = pageOf(found, ({ publicId, createdAt }) => `${createdAt} ${publicId}`, {
    query: `search ${expression}`,
    cursor: parameters.one('next_cursor'),
    size: parameters.count('max_results', { fallback: PAGE_DEFAULT, max: PAGE_MAX }),
    order: 'descending',
  });
  return jsonReply({
    total_count: found.length,
    time: 1,
    resources: items.map((asset) => ({ ...listItem(asset, presentation, include), status: 'active' })),
    ...next,
  });
}

/** Reads `field:value` and `field=value`; the value may be quoted, or end in `*`. */
function parseTerm(term: string): (asset: Asset) => boolean {
  const [, name = '', quoted, bare] = /^\s*(\w+)\s*[:=]\s*(?:"([^"]*)"|([^\s"()]+))\s*$/.exec(term) ?? [];
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (!field) throw notEmulated(`this search expression: ${term.trim()}`);
  if (bare?.endsWith('*')) {
    const prefix = bare.slice(0, -1);
    return (asset) => field(asset).some((value) => value.startsWith(prefix));
  }
  const wanted = quoted ?? bare ?? '';
  return (asset) => field(asset).includes(wanted);
}
