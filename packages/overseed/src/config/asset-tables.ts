/** What people write about the media of their tables → what the program uses, or every problem at once. */
import path from 'node:path';
import {
  ASSET_TARGETS,
  type AssetColumns,
  type AssetDeclaration,
  type Optimise,
  type RemoteFiles,
  type SvgChoice,
} from '../model/asset-columns.ts';
import { OverseedError } from '../model/error.ts';
import {
  type Check,
  checkKeys,
  isBoolean,
  isObject,
  isText,
  isWholeNumber,
  listOf,
  oneOf,
} from './check-keys.ts';

/** One column with paths, as people write it. `from` is the folder of the files, relative to the project. */
export type AssetColumnsInput = Omit<AssetDeclaration, 'root' | 'cache'> & { readonly from: string };

/** Meant for every table that does not say otherwise. */
export interface AssetDefaults {
  readonly svg?: SvgChoice;
  readonly optimise?: Optimise;
  readonly remote?: RemoteFiles;
}

export interface AssetsInput extends AssetDefaults {
  readonly prefix?: string;
  readonly tables: Readonly<Record<string, AssetColumnsInput | readonly AssetColumnsInput[]>>;
}

const OPTIMISE: Readonly<Record<keyof Optimise, Check>> = {
  maxWidth: isWholeNumber(1, 100_000),
  maxHeight: isWholeNumber(1, 100_000),
  format: oneOf('avif', 'jpeg', 'png', 'webp'),
  quality: isWholeNumber(1, 100),
  by: oneOf('local', 'store'),
};

const REMOTE: Readonly<Record<keyof RemoteFiles, Check>> = {
  hosts: listOf(
    /^(?:\*\.)?(?:[a-z0-9_-]+\.)*[a-z0-9_-]+(?::\d{1,5})?$|^\[[0-9a-f:]+\](?::\d{1,5})?$/i,
    'a host such as cdn.example.com or *.example.com, without https://',
  ),
  maxBytes: isWholeNumber(1, Number.MAX_SAFE_INTEGER),
  timeoutMs: isWholeNumber(1, 86_400_000),
  privateAddresses: oneOf('refuse', 'allow'),
};

const DEFAULTS: Readonly<Record<keyof AssetDefaults, Check>> = {
  svg: oneOf('refuse', 'sanitize', 'allow'),
  optimise: isObject(OPTIMISE),
  remote: isObject(REMOTE, ['hosts']),
};

const COLUMNS: Readonly<Record<keyof AssetColumnsInput, Check>> = {
  from: isText,
  path: isText,
  ...(Object.fromEntries(ASSET_TARGETS.map((key) => [key, isText])) as Record<
    (typeof ASSET_TARGETS)[number],
    Check
  >),
  list: isBoolean,
  ...DEFAULTS,
};

/** What a store that transforms files tells only afterwards, when the rows are long made. */
const KNOWN_TOO_LATE = ['width', 'height', 'bytes'] as const;

/**
 * @param root the project's folder
 * @throws CONFIG_INVALID
 */
export function parseAssets(assets: AssetsInput, root: string): Record<string, AssetColumns> {
  const { tables, svg, optimise, remote } = assets;
  const defaults: AssetDefaults = {
    ...(svg ? { svg } : {}),
    ...(optimise ? { optimise } : {}),
    ...(remote ? { remote } : {}),
  };
  const problems = checkKeys('assets', defaults, DEFAULTS);
  const parsed: Record<string, AssetColumns> = {};
  for (const [table, input] of Object.entries(tables)) {
    const isList = Array.isArray(input);
    const list = (isList ? input : [input]) as readonly AssetColumnsInput[];
    parsed[table] = list.map((columns, index) => {
      const where = `assets.tables.${table}${isList ? `[${index}]` : ''}`;
      const found = checkKeys(where, columns, COLUMNS, ['from', 'path', 'url']);
      problems.push(...found);
      const complete = { ...defaults, ...columns };
      if (found.length === 0) problems.push(...knownTooLate(where, complete));
      const { from, ...declaration } = complete;
      return {
        ...declaration,
        root: path.resolve(root, String(from)),
        cache: path.join(root, '.overseed', 'cache'),
      };
    });
  }
  if (problems.length === 0) return parsed;
  throw new OverseedError('CONFIG_INVALID', {
    what: `The asset columns have ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}:\n${problems.map((text) => `  ${text}`).join('\n')}`,
    state: 'not-contacted',
    next: 'Correct this, then run it again.',
  });
}

function knownTooLate(where: string, columns: AssetColumnsInput): string[] {
  if (columns.optimise?.by !== 'store') return [];
  return KNOWN_TOO_LATE.filter((key) => columns[key] !== undefined).map(
    (key) =>
      `${where}.${key}: is known only after the store has made the picture; take it out, or optimise locally`,
  );
}
