/** A configuration as the program uses it: checked, paths absolute, nothing left to guess. */
import type { AssetStore } from '../assets/asset-store.ts';
import type { AssetColumns } from '../model/asset-columns.ts';
import type { Rule } from '../model/rule.ts';
import type { S3Options } from './s3.ts';
import type { Scope } from './scope.ts';

export interface Config {
  /** For messages: `overseed.config.ts`. */
  readonly label: string;
  /** Folder that everything is relative to; absolute. */
  readonly root: string;
  readonly source: SourceChoice | undefined;
  readonly targets: ReadonlyMap<string, TargetChoice>;
  /** Names of targets, by the name of the fleet. */
  readonly fleets: ReadonlyMap<string, readonly string[]>;
  readonly scope: Scope;
  readonly rules: Readonly<Record<string, Rule>>;
  readonly expect: Readonly<Record<string, number>>;
  readonly store: StoreChoice;
  /** By table. */
  readonly assetColumns: Readonly<Record<string, AssetColumns>>;
  readonly backups: {
    readonly folder: string;
    readonly retention: { readonly keep?: number; readonly days?: number };
  };
}

/** Where truth comes from; `path` is absolute, `label` as people wrote it. */
export type SourceChoice =
  | {
      readonly kind: 'module';
      readonly path: string;
      readonly label: string;
      readonly casing?: 'snake_case' | 'camelCase' | undefined;
    }
  | {
      readonly kind: 'sqlite' | 'script';
      readonly path: string;
      readonly label: string;
    }
  | {
      readonly kind: 'folder';
      readonly path: string;
      readonly label: string;
      readonly delimiter: string;
    }
  | { readonly kind: 'stdin'; readonly label: string };

export interface TargetChoice {
  readonly name: string;
  /** As written; undefined when a variable holds it. */
  readonly url: string | undefined;
  readonly urlVariable: string | undefined;
  readonly tokenVariable: string | undefined;
  /** Undefined: `.env.<name>`, or else those of the project. */
  readonly envFiles: readonly string[] | undefined;
  readonly isProtected: boolean;
  readonly store: StoreChoice | undefined;
}

export interface StoreChoice {
  /**
   * `auto`: Cloudinary for a remote database if any of its variables is set, else the folder. A function opens a store of
   * one's own.
   */
  readonly kind: 'cloudinary' | 'folder' | 's3' | 'auto' | OpenStore;
  /** Put in front of public IDs. */
  readonly prefix: string;
  /** Folder of the folder store, relative to the project. */
  readonly publicFolder: string;
  /** URL of that folder on the site. */
  readonly baseUrl: string;
  readonly s3?: S3Options;
}

/** @param prefix see `AssetStore.prefix` */
export type OpenStore = (prefix: string) => AssetStore;
