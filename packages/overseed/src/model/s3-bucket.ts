/** Which bucket, where, and how to say who we are. */
export interface S3Bucket {
  readonly bucket: string;
  /** `https://s3.eu-central-1.amazonaws.com`, `https://<account>.r2.cloudflarestorage.com`, … without a slash at its end. */
  readonly endpoint: string;
  /** `eu-central-1`; `auto` for R2. It is part of the signature. */
  readonly region: string;
  /** Whether the bucket's name goes into the path (`host/bucket/key`) and not into the host (`bucket.host/key`). */
  readonly pathStyle: boolean;
  /** Where readers fetch files: a domain or CDN in front of the bucket. Undefined: from the bucket itself. */
  readonly publicBaseUrl: string | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken: string | undefined;
  /** Names of the variables that hold the credentials, for messages. */
  readonly variables: string;
}
