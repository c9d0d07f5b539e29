/** The words of the seed process. */

export type SeedEnvironment = 'local' | 'remote';

export interface SeedFlags {
  /** Replace what is there. */
  readonly force: boolean;
  /** Seed the remote database instead of the local one. */
  readonly remote: boolean;
  /** Show what would change, change nothing. */
  readonly dryRun: boolean;
}

export interface SeedOptions extends SeedFlags {
  readonly environment: SeedEnvironment;
}

/** An image of a property, as it goes up. */
export interface ImageToUpload {
  /** Key of its row in PropertiesImages. */
  readonly id: string;
  /** Path inside `images/`. */
  readonly image: string;
  readonly propertyId: string;
}

/** The same image, as it came back. */
export interface UploadResult {
  readonly id: string;
  readonly cloudinaryUrl: string;
  readonly cloudinaryPublicId: string;
}
