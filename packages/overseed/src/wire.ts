/** Configuration → concrete adapters. The only file that knows which implementations there are. */
import path from 'node:path';
import type { AssetStore } from './assets/asset-store.ts';
import { openCloudinaryStore } from './assets/cloudinary/open.ts';
import { openFolderStore } from './assets/folder/open.ts';
import { openS3Store } from './assets/s3/open.ts';
import type { BackupManifest } from './backups/backups.ts';
import { cloudinaryAccount, mentionsCloudinary } from './config/cloudinary.ts';
import { type Environment, readEnvironment } from './config/environment.ts';
import { localDatabaseFile } from './config/local-database.ts';
import { remoteDatabase } from './config/remote-database.ts';
import { type S3Options, s3Bucket } from './config/s3.ts';
import { parseCloudinaryPrefix, parseStorePrefix } from './config/store-prefix.ts';
import type { Run } from './model/run.ts';
import { findTable } from './model/schema.ts';
import type { Parts } from './push.ts';
import { sqliteFileSource } from './source/sqlite-file.ts';
import { LocalDatabase } from './sqlite/local-database.ts';
import { backupToUndo } from './steps/backup-to-undo.ts';
import { openFileTarget } from './target/file/open.ts';
import { openHranaTarget, parseDatabaseUrl } from './target/hrana/open.ts';
import { readSchema } from './target/read-schema.ts';
import type { Target } from './target/target.ts';

export { backupToUndo, readEnvironment };

export type TargetChoice =
  | { readonly kind: 'remote' /** Overrides the token of the environment. */; readonly token?: string }
  | { readonly kind: 'local' }
  | { readonly kind: 'file'; readonly file: string; readonly label: string };

/**
 * @param root the project's folder; the local database is where Astro keeps it
 * @throws CONFIG_INVALID, TARGET_UNREACHABLE
 */
export function openTarget(choice: TargetChoice, environment: Environment, root: string): Target {
  if (choice.kind === 'file') return openFileTarget(choice);
  if (choice.kind === 'local') {
    const file = localDatabaseFile(root, environment);
    return openFileTarget({ file, label: path.relative(root, file) });
  }
  const remote = remoteDatabase(environment);
  return openHranaTarget({ ...remote, token: choice.token ?? remote.token });
}

/** The address of the remote database as people see it. @throws CONFIG_INVALID when it is missing or malformed */
export function checkRemote(environment: Environment): string {
  const { url, variables } = remoteDatabase(environment);
  return parseDatabaseUrl(url, variables.url).label;
}

export interface StoreChoice {
  /** `auto`: Cloudinary if any of its variables is set, else the folder. A function opens a store of one's own. */
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

/** @throws CONFIG_INVALID naming what the store lacks */
export function openAssetStore(choice: StoreChoice, root: string, environment: Environment): AssetStore {
  const { kind, publicFolder, baseUrl, s3 = {} } = choice;
  const prefix = parseStorePrefix(choice.prefix);
  if (typeof kind === 'function') return kind(prefix);
  if (kind === 's3') return openS3Store(s3Bucket(s3, environment), prefix);
  const useCloudinary = kind === 'cloudinary' || (kind === 'auto' && mentionsCloudinary(environment));
  if (useCloudinary)
    return openCloudinaryStore(cloudinaryAccount(environment), parseCloudinaryPrefix(prefix));
  return openFolderStore({
    folder: path.resolve(root, publicFolder),
    label: publicFolder,
    baseUrl,
    prefix: '',
  });
}

/** A backup as the source of a push; close it afterwards. */
export function openBackupParts(file: string, manifest: BackupManifest, label: string) {
  const database = new LocalDatabase(file);
  return {
    /** @throws SCHEMA_MISSING when the target no longer has a table of the backup */
    async parts(target: Target, backups: string, run: Run): Promise<Parts> {
      await using backup = openFileTarget({ file, label });
      const schema = await readSchema(backup, run.signal);
      const tables = manifest.tables
        .map(({ name }) => findTable(schema, name))
        .filter((table) => table !== undefined);
      return {
        source: { ...sqliteFileSource(label, database, tables), isBackup: true },
        target,
        // Rows of a backup carry their URLs; no file is moved.
        assetStore: openFolderStore({ folder: '', label: '', baseUrl: '', prefix: '' }),
        assetColumns: {},
        backups,
        // Putting one backup back is no reason to throw others away.
        retention: { keep: Number.POSITIVE_INFINITY },
        howToMigrate: `Bring these back on ${target.label} (\`sqlite3 ${label} .schema\` prints how they were), or restore into a database that has them`,
      };
    },
    [Symbol.dispose]: () => database.close(),
  };
}
