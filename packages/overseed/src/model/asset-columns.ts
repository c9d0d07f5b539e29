/** What the columns of one table have to do with media. Columns are named as in the database. */

/** The columns that receive what is known of a file; only the URL is a must. */
export interface AssetTargets {
  /** Receives the URL. */
  readonly url: string;
  /** Receives the public ID. */
  readonly publicId?: string;
  /** Receives 1 when the file is in the store. */
  readonly done?: string;
  /** Receive the size as it is shown, in pixels. */
  readonly width?: string;
  readonly height?: string;
  /** Receives the size of the file in the store. */
  readonly bytes?: string;
  /** Receives the format: `jpg`, `png`, `webp`. */
  readonly format?: string;
  /** Receives a ThumbHash as base64: some thirty characters from which a site draws a blurred picture. */
  readonly placeholder?: string;
}

/** What becomes of SVG files, which can carry scripts. */
export type SvgChoice = 'refuse' | 'sanitize' | 'allow';

/** What is made of each picture before it is stored. Metadata (EXIF, GPS) never survive it. */
export interface Optimise {
  /** A larger picture is made smaller, in proportion, until it fits. Pixels. */
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  /** Default: the format it has. */
  readonly format?: 'avif' | 'jpeg' | 'png' | 'webp';
  /** 1 to 100; default: what the encoder takes for good. */
  readonly quality?: number;
  /**
   * Who does it. `local` (the default): the package `sharp`, on this machine, before anything is named or sent. `store`:
   * the store, as the file arrives; a store that cannot leaves it to `sharp`.
   */
  readonly by?: 'local' | 'store';
}

/** Files that are fetched from the web: which, how large, how long. */
export interface RemoteFiles {
  /** `cdn.example.com`, `*.example.com` for all below it, `example.com:8080` for a port of its own. */
  readonly hosts: readonly string[];
  /** Most bytes of one file, default 25 000 000. */
  readonly maxBytes?: number;
  /** Longest time for one file, redirects included, default 30 000. */
  readonly timeoutMs?: number;
  /** Addresses inside this machine or its network are refused unless this says `allow`. */
  readonly privateAddresses?: 'refuse' | 'allow';
}

/** One column with paths, and where the answers go. */
export interface AssetDeclaration extends AssetTargets {
  /** Folder that the paths are relative to; absolute. */
  readonly root: string;
  /** Column with the local path. NULL means: no file. */
  readonly path: string;
  /** The column holds a JSON array of paths; whatever is filled then receives a JSON array in the same order. */
  readonly list?: boolean;
  /** Default `refuse`. */
  readonly svg?: SvgChoice;
  readonly optimise?: Optimise;
  /** Without it, paths that are web addresses are refused. */
  readonly remote?: RemoteFiles;
  /** Folder for what can be made again: optimised pictures, downloads, placeholders; absolute. */
  readonly cache: string;
}

/** The declarations of one table. */
export type AssetColumns = readonly AssetDeclaration[];

/** The keys of {@link AssetTargets}. */
export const ASSET_TARGETS = [
  'url',
  'publicId',
  'done',
  'width',
  'height',
  'bytes',
  'format',
  'placeholder',
] as const satisfies readonly (keyof AssetTargets)[];
