/** Who may call: Basic credentials everywhere, or a signature on the Upload API. */
import { equalSecrets } from '../util/equal-secrets.ts';
import { ApiError, notEmulated } from './api-error.ts';
import type { Settings } from './settings.ts';
import { isSignedBy, type Parameters, stringToSign } from './signature.ts';

const HOUR_MS = 3_600_000;

type Credentials = Pick<Settings, 'apiKey' | 'apiSecret' | 'futureToleranceMs'>;

/** @throws ApiError 401 unless `authorization` is Basic with the right key and secret */
export function requireBasic(authorization: string | undefined, { apiKey, apiSecret }: Credentials): void {
  const [scheme = '', encoded = ''] = (authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') throw new ApiError(401, 'local-cloud does not emulate OAuth tokens');
  if (scheme.toLowerCase() !== 'basic') throw new ApiError(401, 'Authorization Required');
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const keyIsRight = equalSecrets(decoded.slice(0, colon), apiKey);
  const secretIsRight = equalSecrets(decoded.slice(colon + 1), apiSecret);
  if (colon < 0 || !keyIsRight) throw new ApiError(401, 'Invalid api_key');
  if (!secretIsRight) throw new ApiError(401, 'api_secret mismatch');
}

/** @throws ApiError 400 or 401 unless the call carries Basic credentials or a fresh signature over its parameters */
export function requireUploadAuth(
  authorization: string | undefined,
  parameters: Parameters,
  credentials: Credentials,
  nowMs: number,
): void {
  if (authorization === undefined) requireSignature(parameters, credentials, nowMs);
  else requireBasic(authorization, credentials);
}

function requireSignature(parameters: Parameters, credentials: Credentials, nowMs: number): void {
  const one = (name: string) => parameters.get(name)?.[0] ?? '';
  const signature = one('signature');
  if (signature === '') {
    if (one('upload_preset'))
      throw notEmulated('unsigned uploads: sign the request or use Basic authentication');
    throw new ApiError(400, 'Upload preset must be specified when using unsigned upload');
  }
  if (one('api_key') === '') throw new ApiError(400, 'Missing required parameter - api_key');
  if (!equalSecrets(one('api_key'), credentials.apiKey)) {
    throw new ApiError(401, `Unknown API key ${one('api_key')}`);
  }
  requireFresh(one('timestamp'), nowMs, credentials.futureToleranceMs);
  if (!isSignedBy(credentials.apiSecret, parameters, signature)) {
    throw new ApiError(
      401,
      `Invalid Signature ${signature}. String to sign - '${stringToSign(parameters, 1)}'.`,
    );
  }
}

function requireFresh(timestamp: string, nowMs: number, futureToleranceMs: number): void {
  if (timestamp === '') throw new ApiError(400, 'Missing required parameter - timestamp');
  if (!/^\d{1,11}$/.test(timestamp)) throw new ApiError(400, `Invalid timestamp ${timestamp}`);
  const sentMs = Number(timestamp) * 1000;
  const reported = `${new Date(sentMs).toISOString().slice(0, 19).replace('T', ' ')} +0000`;
  const stale = `Stale request - reported time is ${reported} which is`;
  if (nowMs - sentMs > HOUR_MS) throw new ApiError(400, `${stale} more than 1 hour ago`);
  if (sentMs - nowMs > futureToleranceMs) throw new ApiError(400, `${stale} in the future`);
}
