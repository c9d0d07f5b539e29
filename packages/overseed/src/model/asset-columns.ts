/** Which columns of a table say where its media are; the columns are named as in the database. */
export interface AssetColumns {
  /** Folder that the paths are relative to; absolute by the time it gets here. */
  readonly root: string;
  /** Column with the local path. NULL means: no file. */
  readonly path: string;
  /** Column that receives the URL. */
  readonly url: string;
  /** Column that receives the public ID. */
  readonly publicId?: string;
  /** Column that receives 1 when the file is in the store. */
  readonly done?: string;
}
