/** What S3's answers mean: which may pass by themselves, which never will, and what a person can do about it. */
import type { S3Bucket } from '../../model/s3-bucket.ts';
import { StoreError } from '../asset-store.ts';
import { textIn } from './xml.ts';

/** The key, its secret or its token is wrong, or it may not do this. */
const CREDENTIALS = new Set([
  'SignatureDoesNotMatch',
  'InvalidAccessKeyId',
  'InvalidSecurity',
  'InvalidToken',
  'ExpiredToken',
  'TokenRefreshRequired',
  'AccountProblem',
  'AllAccessDisabled',
  'Unauthorized',
]);
const WRONG_REGION = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'InvalidRegion',
  'IllegalLocationConstraintException',
]);
/** Fewer at once, please. */
const THROTTLED = new Set([
  'SlowDown',
  'SlowDownRead',
  'SlowDownWrite',
  'TooManyRequests',
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'Busy',
  'ServiceUnavailable',
]);
/** Broken on the way, or met another request. */
const PASSING = new Set([
  'RequestTimeout',
  'IncompleteBody',
  'BadDigest',
  'InvalidDigest',
  'XAmzContentSHA256Mismatch',
  'ConditionalRequestConflict',
  'OperationAborted',
  'InternalError',
]);

/** @param action the permission that the request needs, such as `s3:PutObject` */
export async function toStoreError(
  response: Response,
  bucket: S3Bucket,
  action: string,
): Promise<StoreError> {
  const text = await response.text().catch(() => ''); // A body that breaks off: the status still says enough.
  // A HEAD request gets no body.
  const code = textIn(text, 'Code') ?? '';
  const { status, headers } = response;
  const region = textIn(text, 'Region') ?? headers.get('x-amz-bucket-region') ?? undefined;
  const where = `the bucket "${bucket.bucket}"`;

  if (code === 'RequestTimeTooSkewed') return permanent(skewMessage(headers));
  if (code === 'NoSuchBucket') return permanent(`${where} does not exist`);
  if (isWrongRegion(status, code, region, bucket)) {
    return permanent(
      `${where} is in ${region ? `the region "${region}"` : 'another region'}, not in "${bucket.region}"`,
    );
  }
  const message = withoutSecrets(describe(code, textIn(text, 'Message'), status), bucket);
  if (code === 'AccessDenied' || (status === 403 && code === '')) {
    return credentials(`they do not permit ${action} in ${where}: ${message}`);
  }
  if (CREDENTIALS.has(code) || status === 401) return credentials(message);
  const throttled = THROTTLED.has(code) || status === 429 || status === 503;
  const passing = throttled || PASSING.has(code) || status === 408 || (status >= 500 && status !== 501);
  return new StoreError(message, {
    kind: passing ? 'passing' : 'permanent',
    throttled,
    retryAfterMs: passing ? retryAfterMs(headers) : undefined,
  });
}

/** A request that got no answer, or half of one. */
export function connectionError(reason: string, cause: unknown): StoreError {
  return new StoreError(`no answer (${reason})`, { kind: 'passing', cause });
}

function isWrongRegion(status: number, code: string, region: string | undefined, bucket: S3Bucket): boolean {
  if (status === 301 || status === 307 || WRONG_REGION.has(code)) return true;
  // A HEAD request, which gets no code. Other errors may mention a region that is none of the problem.
  return status === 400 && code === '' && region !== undefined && region !== bucket.region;
}

function skewMessage(headers: Headers): string {
  const minutes = Math.round((Date.now() - Date.parse(headers.get('date') ?? '')) / 60_000);
  const amount = Number.isNaN(minutes)
    ? 'wrong'
    : `${Math.abs(minutes)} min ${minutes < 0 ? 'behind' : 'ahead'}`;
  return `the clock of this machine is ${amount}; set it (RequestTimeTooSkewed)`;
}

function describe(code: string, message: string | undefined, status: number): string {
  if (code === '') return `HTTP ${status}`;
  return message ? `${message.replace(/\.$/, '')} (${code})` : code;
}

/** No server should send them back; should one do it all the same, they stop here. */
function withoutSecrets(text: string, { secretAccessKey, sessionToken }: S3Bucket): string {
  const secrets = [secretAccessKey, sessionToken].filter((secret) => secret !== undefined && secret !== '');
  return secrets.reduce<string>((clean, secret) => clean.replaceAll(secret as string, '…'), text);
}

function retryAfterMs(headers: Headers): number | undefined {
  const after = headers.get('retry-after');
  if (after === null) return undefined;
  if (/^\d+$/.test(after)) return Number(after) * 1_000;
  const time = Date.parse(after);
  return Number.isNaN(time) ? undefined : Math.max(0, time - Date.now());
}

const permanent = (message: string) => new StoreError(message, { kind: 'permanent' });
const credentials = (message: string) => new StoreError(message, { kind: 'credentials' });
