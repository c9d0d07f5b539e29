/** The bucket: what is written in the seed, with what the environment says. Credentials come from the environment only. */
import { OverseedError } from '../model/error.ts';
import type { S3Bucket } from '../model/s3-bucket.ts';
import type { Environment } from './environment.ts';

export interface S3Options {
  /** Or the variable S3_BUCKET. */
  readonly bucket?: string;
  /** Address of the service, for everything but Amazon's. Or S3_ENDPOINT, AWS_ENDPOINT_URL_S3. */
  readonly endpoint?: string;
  /** Or AWS_REGION, AWS_DEFAULT_REGION. Default: what the endpoint says, `auto` for R2, else `us-east-1`. */
  readonly region?: string;
  /** Where readers fetch the files: a domain or CDN in front of the bucket. Or S3_PUBLIC_URL. Default: the bucket itself. */
  readonly publicBaseUrl?: string;
  /** `host/bucket/key` instead of `bucket.host/key`. Default: for every service but Amazon's. */
  readonly forcePathStyle?: boolean;
  /** Names of the variables that hold the credentials, if not Amazon's own. */
  readonly variables?: {
    readonly accessKeyId?: string;
    readonly secretAccessKey?: string;
    readonly sessionToken?: string;
  };
}

/** The names of the variables with the credentials. */
export function s3Variables({ variables = {} }: S3Options) {
  return {
    accessKeyId: variables.accessKeyId ?? 'AWS_ACCESS_KEY_ID',
    secretAccessKey: variables.secretAccessKey ?? 'AWS_SECRET_ACCESS_KEY',
    sessionToken: variables.sessionToken ?? 'AWS_SESSION_TOKEN',
  };
}

/** @throws CONFIG_INVALID naming everything that is missing or malformed; values of variables are never shown */
export function s3Bucket(options: S3Options, environment: Environment): S3Bucket {
  const first = (...names: string[]) => names.map((name) => environment.get(name)).find(Boolean);
  const names = s3Variables(options);
  const bucket = options.bucket ?? first('S3_BUCKET');
  const endpoint = options.endpoint ?? first('S3_ENDPOINT', 'AWS_ENDPOINT_URL_S3');
  const publicBaseUrl = options.publicBaseUrl ?? first('S3_PUBLIC_URL');
  const accessKeyId = environment.get(names.accessKeyId);
  const secretAccessKey = environment.get(names.secretAccessKey);
  const region =
    options.region ?? first('AWS_REGION', 'AWS_DEFAULT_REGION') ?? regionOf(endpoint ?? '') ?? 'us-east-1';

  const missing = [
    ...(bucket === undefined ? ['the bucket (`bucket`, or S3_BUCKET)'] : []),
    ...(accessKeyId === undefined ? [names.accessKeyId] : []),
    ...(secretAccessKey === undefined ? [names.secretAccessKey] : []),
  ];
  const problems = [
    ...(missing.length > 0 ? [`not set in ${environment.places}: ${missing.join(', ')}`] : []),
    ...(bucket !== undefined && !BUCKET_NAME.test(bucket) ? [`"${bucket}" is no name of a bucket`] : []),
    ...(REGION_NAME.test(region) ? [] : [`"${region}" is no name of a region`]),
    ...(isAddress(endpoint) ? [] : ['the endpoint (`endpoint`, or S3_ENDPOINT) is no http(s) address']),
    ...(isAddress(publicBaseUrl)
      ? []
      : ['the public address (`publicBaseUrl`, or S3_PUBLIC_URL) is no http(s) address']),
  ];
  if (problems.length > 0 || !bucket || !accessKeyId || !secretAccessKey) {
    throw new OverseedError('CONFIG_INVALID', {
      what: `S3 is not configured:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
      state: 'not-contacted',
      next: 'The service that keeps the bucket shows its address and creates keys; docs/stores.md says what a key must permit.',
    });
  }
  return {
    bucket,
    endpoint: withoutSlash(endpoint) ?? `https://s3.${region}.amazonaws.com`,
    region,
    // A name with dots fits no certificate of `*.s3.…`.
    pathStyle: options.forcePathStyle ?? (endpoint !== undefined || bucket.includes('.')),
    publicBaseUrl: withoutSlash(publicBaseUrl),
    accessKeyId,
    secretAccessKey,
    sessionToken: environment.get(names.sessionToken),
    variables: `${names.accessKeyId} and ${names.secretAccessKey}`,
  };
}

/** Amazon allows lower-case letters, digits, `.` and `-`; older buckets and other services a little more. */
const BUCKET_NAME = /^[a-z0-9][\w.-]{1,61}[a-z0-9]$/i;
const REGION_NAME = /^[a-z0-9-]+$/i;

function regionOf(endpoint: string): string | undefined {
  if (/\.r2\.cloudflarestorage\.com(:|\/|$)/.test(endpoint)) return 'auto';
  return /\bs3[.-]([a-z0-9-]+)\.(?:amazonaws|backblazeb2|wasabisys)\.com/.exec(endpoint)?.[1];
}

function isAddress(text: string | undefined): boolean {
  if (text === undefined) return true;
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && search === '' && hash === '' && username === '';
}

const withoutSlash = (text: string | undefined) => text?.replace(/\/+$/, '');
