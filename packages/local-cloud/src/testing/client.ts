/** A plain client for tests: `fetch`, Basic credentials or signatures, and answers as they came. */
import { createHash } from 'node:crypto';
import type { CloudinaryEmulator } from '../cloudinary/emulator.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON body, loosely. */
  readonly body: Record<string, unknown>;
  /** `error.message`. */
  readonly message: string | undefined;
}

type Fields = Readonly<Record<string, string | readonly string[]>>;

export const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

export const basic = ({ apiKey, apiSecret }: Pick<CloudinaryEmulator, 'apiKey' | 'apiSecret'>) =>
  `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;

export const nowSeconds = () => Math.floor(Date.now() / 1000);

/** `fields` with api_key, timestamp and signature. */
export function signed(
  { apiKey, apiSecret }: Pick<CloudinaryEmulator, 'apiKey' | 'apiSecret'>,
  fields: Fields,
  { timestamp = nowSeconds(), algorithm = 'sha1', escapesAmpersand = true } = {},
): Fields {
  const all: Fields = { ...fields, timestamp: String(timestamp) };
  const text = Object.entries(all)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${[value].flat().join(',')}`)
    .map((pair) => (escapesAmpersand ? pair.replaceAll('&', '%26') : pair))
    .join('&');
  const signature = createHash(algorithm)
    .update(text + apiSecret)
    .digest('hex');
  return { ...all, api_key: apiKey, signature };
}

export function toForm(fields: Fields, file?: Uint8Array | string, filename = 'photo.png'): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value);
    else for (const item of value) form.append(`${name}[]`, item);
  }
  if (typeof file === 'string') form.append('file', file);
  else if (file) form.append('file', new Blob([Uint8Array.from(file)]), filename);
  return form;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000), ...init });
  const text = await response.text();
  let body: Record<string, unknown> = {};
  if (response.headers.get('content-type')?.includes('json')) {
    try {
      body = JSON.parse(text) as Record<string, unknown>;
    } catch {
      // Left empty: tests of broken JSON look at `text`.
    }
  }
  const error = body.error as { message?: string } | undefined;
  return { status: response.status, headers: response.headers, text, body, message: error?.message };
}

/** Uploads with Basic credentials. */
export function upload(
  emulator: CloudinaryEmulator,
  fields: Fields,
  file?: Uint8Array | string,
  { type = 'image', ...init }: RequestInit & { type?: string } = {},
): Promise<Answer> {
  return post(emulator, `${type}/upload`, toForm(fields, file), init);
}

/** Any call of the Upload API, with Basic credentials. */
export function post(
  emulator: CloudinaryEmulator,
  path: string,
  body: FormData | URLSearchParams,
  init: RequestInit = {},
): Promise<Answer> {
  return ask(`${emulator.url}/v1_1/${emulator.cloudName}/${path}`, {
    method: 'POST',
    headers: { authorization: basic(emulator) },
    body,
    ...init,
  });
}

/** Any Admin call. */
export function admin(emulator: CloudinaryEmulator, path: string, init: RequestInit = {}): Promise<Answer> {
  return ask(`${emulator.url}/v1_1/${emulator.cloudName}/${path}`, {
    headers: { authorization: basic(emulator) },
    ...init,
  });
}

export const publicIdsOf = ({ body }: Answer) =>
  (body.resources as { public_id: string }[]).map(({ public_id }) => public_id);
