/** What people write in `overseed.config.ts`. */
import type { Rule } from '../model/rule.ts';
import type { AssetColumnsInput, AssetsInput } from './asset-tables.ts';
import type { BackupSettings } from './backups.ts';
import type { OpenStore } from './config.ts';
import type { S3Options } from './s3.ts';

export interface UserConfig<Name extends string = string> {
  /** For editors, in a JSON file. */
  readonly $schema?: string;
  /** Where truth comes from. */
  readonly source?: SourceConfig;
  /** The databases to push to, by the names you give them. A list of names is a fleet: all of them at once. */
  readonly targets?: Readonly<Record<Name, TargetConfig | readonly NoInfer<Name>[]>>;
  /** Which tables of the source are pushed; all of them unless this says otherwise. */
  readonly tables?: ScopeConfig;
  /** By table: a Standard Schema (zod and others), or a function that returns what is wrong. */
  readonly rules?: Readonly<Record<string, Rule>>;
  /** By table: how many rows there must be. */
  readonly expect?: Readonly<Record<string, number>>;
  /** Media files that rows point to. */
  readonly assets?: AssetsConfig;
  /** Where backups go, and how long they stay. */
  readonly backups?: BackupsConfig;
}

/**
 * A path says by itself what it is: `db/seed.ts` a module, `data.db` a SQLite file, `dump.sql` a script, `data` a folder
 * of files; and `-` is standard input.
 */
export type SourceConfig =
  | string
  | {
      readonly module: string /** The `casing` that `drizzle(…)` is given, if it is given one. */;
      readonly casing?: 'snake_case' | 'camelCase';
    }
  | { readonly sqlite: string }
  | { readonly script: string }
  | {
      readonly folder: string /** Between the cells of `.csv` files, default `,`. */;
      readonly delimiter?: string;
    };

export interface TargetConfig {
  /** `file:local.db`, or the address of a server. Left out: the address is read from `urlVariable`. */
  readonly url?: string;
  /** Variable that holds the address; by default TURSO_DATABASE_URL or ASTRO_DB_REMOTE_URL. */
  readonly urlVariable?: string;
  /** Variable that holds the token; by default the one that goes with the address. */
  readonly tokenVariable?: string;
  /** Files with variables; by default `.env.<target>`, or else `.env.local` and `.env`. The environment wins. */
  readonly envFile?: string | readonly string[];
  /** Nothing is changed there before its name was typed, or given with `--confirm`. */
  readonly protected?: boolean;
  /** Where media go for this target, instead of `assets.store`. */
  readonly store?: StoreConfig;
}

export interface ScopeConfig {
  /** Names or patterns (`*` and `?`), default `*`. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * `auto`: Cloudinary for a remote database if one of its variables is set, else a folder. A function opens a store of your
 * own; it is given the prefix, which is empty here.
 */
export type StoreConfig =
  | 'auto'
  | 'cloudinary'
  | 'folder'
  | 's3'
  | AutoStoreConfig
  | CloudinaryStoreConfig
  | FolderStoreConfig
  | S3StoreConfig
  | OpenStore;

export interface AutoStoreConfig extends Omit<FolderStoreConfig, 'kind'> {
  readonly kind: 'auto';
  /** For Cloudinary. */
  readonly prefix?: string;
}

export interface CloudinaryStoreConfig {
  readonly kind: 'cloudinary';
  /** Folder in the store. */
  readonly prefix?: string;
}

export interface FolderStoreConfig {
  readonly kind: 'folder';
  /** Folder of the site that is served as it is, default `public/media`. */
  readonly folder?: string;
  /** URL of that folder, default `/media`. */
  readonly baseUrl?: string;
}

/** Any service that speaks S3. Credentials come from the environment. */
export interface S3StoreConfig extends S3Options {
  readonly kind: 's3';
  /** Folder in the bucket. */
  readonly prefix?: string;
}

export interface AssetsConfig extends Omit<AssetsInput, 'prefix'> {
  readonly store?: StoreConfig;
}

/** One column that says where media are, and where the answers go. */
export type AssetColumnsConfig = AssetColumnsInput;

export interface BackupsConfig extends BackupSettings {
  /** Default `.overseed/backups`. */
  readonly folder?: string;
}

/** Gives a configuration its types. Returns it as it is. */
export function defineConfig<const Name extends string>(config: UserConfig<Name>): UserConfig<Name> {
  return config;
}
