/** The shape of a configuration: what is checked, published as JSON Schema, and listed in the documentation. */
import type { Optimise, RemoteFiles } from '../model/asset-columns.ts';
import type { Rule } from '../model/rule.ts';
import type { OpenStore } from './config.ts';
import {
  choice,
  code,
  count,
  either,
  flag,
  list,
  object,
  positive,
  record,
  type Shape,
  text,
} from './shape.ts';
import type {
  AssetColumnsConfig,
  AssetsConfig,
  AutoStoreConfig,
  BackupsConfig,
  CloudinaryStoreConfig,
  FolderStoreConfig,
  S3StoreConfig,
  ScopeConfig,
  SourceConfig,
  StoreConfig,
  TargetConfig,
  UserConfig,
} from './user-config.ts';

/** What a target may be called. It is typed in commands, and stands in the names of files. */
const TARGET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const variable = text('the name of an environment variable', /^[A-Za-z_][A-Za-z0-9_]*$/);
const file = text('a path');
const column = text('the name of a column');

const source: Shape<SourceConfig> = either(
  'a path, or one of { module }, { sqlite }, { script } and { folder }',
  text('a path'),
  object<{ module: string; casing?: 'snake_case' | 'camelCase' }>(
    '{ module }',
    {
      module: { shape: file, description: 'TypeScript or JavaScript that exports rows.', isRequired: true },
      casing: {
        shape: choice('snake_case', 'camelCase'),
        description:
          'What `drizzle(…)` is told as its `casing`: how columns are called that the schema does not name.',
      },
    },
    { by: 'module' },
  ),
  object<{ sqlite: string }>(
    '{ sqlite }',
    { sqlite: { shape: file, description: 'A SQLite database file.', isRequired: true } },
    { by: 'sqlite' },
  ),
  object<{ script: string }>(
    '{ script }',
    {
      script: {
        shape: file,
        description: 'SQL that creates and fills tables: a dump, for example.',
        isRequired: true,
      },
    },
    { by: 'script' },
  ),
  object<{ folder: string; delimiter?: string }>(
    '{ folder }',
    {
      folder: {
        shape: file,
        description: 'A folder with one file a table: .ndjson, .json, .csv or .sql.',
        isRequired: true,
      },
      delimiter: {
        shape: text('one character', /^[^\n\r"]$/u),
        description: 'Stands between the cells of .csv files, default ",".',
      },
    },
    { by: 'folder' },
  ),
);

const folderFields = {
  folder: { shape: file, description: 'Folder that is served as it is, default "public/media".' },
  baseUrl: { shape: text('a URL or a path'), description: 'URL of that folder, default "/media".' },
};
const prefix = { shape: text('a folder in the store'), description: 'Put in front of public IDs.' };

const address = text('an http(s) address', /^https?:\/\/\S+$/);

/** Another store is one more alternative here, one in `StoreConfig`, and one in `wire.ts`. */
const store: Shape<StoreConfig> = either(
  '"auto", "cloudinary", "folder", "s3", an object with one of them as its kind, or a function',
  choice('auto', 'cloudinary', 'folder', 's3'),
  object<AutoStoreConfig>(
    '{ kind: "auto" }',
    {
      kind: {
        shape: choice('auto'),
        description: 'Cloudinary for a remote database if one of its variables is set, else a folder.',
        isRequired: true,
      },
      prefix,
      ...folderFields,
    },
    { by: 'kind' },
  ),
  object<CloudinaryStoreConfig>(
    '{ kind: "cloudinary" }',
    { kind: { shape: choice('cloudinary'), description: 'Cloudinary.', isRequired: true }, prefix },
    { by: 'kind' },
  ),
  object<FolderStoreConfig>(
    '{ kind: "folder" }',
    {
      kind: { shape: choice('folder'), description: 'A folder of the site.', isRequired: true },
      ...folderFields,
    },
    { by: 'kind' },
  ),
  object<S3StoreConfig>(
    '{ kind: "s3" }',
    {
      kind: { shape: choice('s3'), description: 'A bucket of any service that speaks S3.', isRequired: true },
      prefix,
      bucket: { shape: text('the name of a bucket'), description: 'Or the variable S3_BUCKET.' },
      endpoint: {
        shape: address,
        description: 'For everything but Amazon’s. Or S3_ENDPOINT, AWS_ENDPOINT_URL_S3.',
      },
      region: { shape: text('a region'), description: 'Or AWS_REGION, AWS_DEFAULT_REGION.' },
      publicBaseUrl: { shape: address, description: 'Where readers fetch the files. Or S3_PUBLIC_URL.' },
      forcePathStyle: { shape: flag(), description: '`host/bucket/key` instead of `bucket.host/key`.' },
      variables: {
        shape: object<NonNullable<S3StoreConfig['variables']>>('names of variables', {
          accessKeyId: { shape: variable, description: 'Default AWS_ACCESS_KEY_ID.' },
          secretAccessKey: { shape: variable, description: 'Default AWS_SECRET_ACCESS_KEY.' },
          sessionToken: { shape: variable, description: 'Default AWS_SESSION_TOKEN.' },
        }),
        description: 'Names of the variables that hold the credentials.',
      },
    },
    { by: 'kind' },
  ),
  code<OpenStore>('a function', (value) => typeof value === 'function'),
);

const target = object<TargetConfig>('a target, or a list of names of targets', {
  url: {
    shape: text('an address'),
    description:
      '`file:local.db`, or the address of a server. Left out: the address is read from `urlVariable`.',
  },
  urlVariable: {
    shape: variable,
    description:
      'Variable that holds the address; by default TURSO_DATABASE_URL, or Astro’s ASTRO_DB_REMOTE_URL.',
  },
  tokenVariable: {
    shape: variable,
    description: 'Variable that holds the token; by default TURSO_AUTH_TOKEN, or ASTRO_DB_APP_TOKEN.',
  },
  envFile: {
    shape: either('a path or a list of paths', file, list(file, 'a list of paths')),
    description:
      'Files with variables. By default `.env.<target>` if it is there, else `.env.local` and `.env`. The environment wins.',
  },
  protected: {
    shape: flag(),
    description: 'Nothing is changed there before its name was typed, or given with `--confirm`.',
  },
  store: { shape: store, description: 'Where media go for this target, instead of `assets.store`.' },
});

const scope = object<ScopeConfig>('{ include, exclude }', {
  include: {
    shape: list(text('a name or a pattern'), 'a list of names or patterns'),
    description: 'Tables that are pushed: names, or patterns with `*` and `?`. Default: all of the source.',
  },
  exclude: {
    shape: list(text('a name or a pattern'), 'a list of names or patterns'),
    description: 'Tables that are not, though `include` names them.',
  },
});

const optimise = object<Optimise>('{ maxWidth, maxHeight, format, quality, by }', {
  maxWidth: {
    shape: count({ from: 1 }),
    description: 'Pixels; a larger picture is made smaller, in proportion.',
  },
  maxHeight: { shape: count({ from: 1 }), description: 'Pixels.' },
  format: { shape: choice('avif', 'jpeg', 'png', 'webp'), description: 'Default: the format it has.' },
  quality: { shape: count({ from: 1 }), description: '1 to 100; default: what the encoder takes for good.' },
  by: {
    shape: choice('local', 'store'),
    description:
      '`local` (the default): the package sharp, on this machine. `store`: the store, as the file arrives.',
  },
});

const remote = object<RemoteFiles>('{ hosts }', {
  hosts: {
    shape: list(text('a host'), 'a list of hosts'),
    description: 'Hosts that files may come from: `cdn.example.com`, `*.example.com`.',
    isRequired: true,
  },
  maxBytes: { shape: count({ from: 1 }), description: 'Most bytes of one file, default 25 000 000.' },
  timeoutMs: { shape: count({ from: 1 }), description: 'Longest time for one file, default 30 000.' },
  privateAddresses: {
    shape: choice('refuse', 'allow'),
    description: 'Addresses inside this machine or its network are refused unless this says `allow`.',
  },
});

const defaults = {
  svg: {
    shape: choice('refuse', 'sanitize', 'allow'),
    description: 'What becomes of SVG files, which can carry scripts. Default `refuse`.',
  },
  optimise: { shape: optimise, description: 'What is made of each picture before it is stored.' },
  remote: { shape: remote, description: 'Lets paths be web addresses.' },
};

const assetColumns = object<AssetColumnsConfig>('the columns of an asset', {
  from: { shape: file, description: 'Folder of the files.', isRequired: true },
  path: { shape: column, description: 'Column with the path of each file in that folder.', isRequired: true },
  url: { shape: column, description: 'Column that receives the URL.', isRequired: true },
  publicId: { shape: column, description: 'Column that receives the public ID.' },
  done: { shape: column, description: 'Column that receives 1 when the file is stored.' },
  width: { shape: column, description: 'Column that receives the width, in pixels.' },
  height: { shape: column, description: 'Column that receives the height, in pixels.' },
  bytes: { shape: column, description: 'Column that receives the size of the stored file.' },
  format: { shape: column, description: 'Column that receives the format: `jpg`, `png`, `webp`.' },
  placeholder: { shape: column, description: 'Column that receives a ThumbHash (needs the package sharp).' },
  list: { shape: flag(), description: 'The column holds a JSON array of paths.' },
  ...defaults,
});

const assets = object<AssetsConfig>('{ store, tables }', {
  store: { shape: store, description: 'Where media go, default "auto".' },
  tables: {
    shape: record(
      either<AssetColumnsConfig | readonly AssetColumnsConfig[]>(
        'the columns of an asset, or a list of such',
        list(assetColumns, 'a list of asset columns'),
        assetColumns,
      ),
      'an object: asset columns by table',
    ),
    description: 'By table: the folder of its files, and its asset columns.',
    isRequired: true,
  },
  ...defaults,
});

const backups = object<BackupsConfig>('{ folder, keep, maxAgeDays }', {
  folder: { shape: file, description: 'Default ".overseed/backups".' },
  keep: { shape: count({ from: 1 }), description: 'How many backups of a target stay, default 50.' },
  maxAgeDays: {
    shape: positive(),
    description: 'Backups that are older go, but for the newest. Default: however old.',
  },
});

export const configShape: Shape<UserConfig> = object<UserConfig>('an object', {
  $schema: { shape: text('a URL or a path'), description: 'For editors, in a JSON file.' },
  source: {
    shape: source,
    description:
      'Where truth comes from. A path says by itself what it is: `db/seed.ts` a module, `data.db` a SQLite file, ' +
      '`dump.sql` a script, `data` a folder of files; `-` is standard input.',
  },
  targets: {
    shape: record(
      either<TargetConfig | readonly string[]>(
        'a target, or a list of names of targets',
        list(text('the name of a target'), 'a list of names of targets'),
        target,
      ),
      'an object: targets by name',
      TARGET_NAME,
    ),
    description: 'The databases to push to, by name. A list of names is a fleet: all of them at once.',
  },
  tables: { shape: scope, description: 'Which tables of the source are pushed.' },
  rules: {
    shape: record(
      code<Rule>(
        'a Standard Schema or a function',
        (value) =>
          typeof value === 'function' ||
          (typeof value === 'object' && value !== null && '~standard' in value),
      ),
      'an object: rules by table',
    ),
    description:
      'By table: a schema of zod or any other Standard Schema library, or a function that returns what is wrong.',
  },
  expect: {
    shape: record(count(), 'an object: numbers of rows by table'),
    description: 'By table: how many rows there must be.',
  },
  assets: { shape: assets, description: 'Media files that rows point to.' },
  backups: { shape: backups, description: 'Where backups go, and how long they stay.' },
});
