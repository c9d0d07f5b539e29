/** What `verify --assets` found; plain data. */
export interface AssetVerification {
  readonly target: string;
  readonly store: string;
  /** Different URLs in the rows. */
  readonly urls: number;
  /** How many of them were fetched, and the bytes that came. */
  readonly checked: number;
  readonly bytes: number;
  /** Every URL that does not answer with its very bytes. */
  readonly wrong: readonly WrongUrl[];
}

export interface WrongUrl {
  readonly url: string;
  /** One of the columns that hold it: `PropertiesImages.cloudinaryUrl`. */
  readonly where: string;
  /** `HTTP 404`, `has 12 bytes instead of 34`, and so on. */
  readonly problem: string;
}
