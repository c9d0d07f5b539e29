/** Request bodies: multipart (as the SDK sends), URL-encoded and JSON, all read into the same shape. */
import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { ApiError } from './api-error.ts';
import type { AssetStore, Incoming } from './asset-store.ts';
import { repairFilenames } from './repair-filename.ts';

export interface Form {
  /** By name, without the `[]` of arrays. */
  readonly parameters: Map<string, string[]>;
  readonly file: (Incoming & { readonly name: string }) | undefined;
}

const FIELDS_MAX = 2_000;

export async function readForm(
  request: IncomingMessage,
  assets: AssetStore,
  maxBytes: number,
): Promise<Form> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const body = request.pipe(limit(maxBytes));
  request.once('error', (error) => body.destroy(error));
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return readMultipart(body, type, assets, maxBytes);
  const text = await readText(body);
  const parameters = new Map<string, string[]>();
  if (type.startsWith('application/json')) {
    for (const [name, value] of Object.entries(parseObject(text)))
      addParameter(parameters, name, ...fromJson(value));
  } else {
    for (const [name, value] of new URLSearchParams(text)) addParameter(parameters, name, value);
  }
  return { parameters, file: undefined };
}

const tooLarge = () => new ApiError(413, 'Request entity too large');

function limit(maxBytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > maxBytes) done(tooLarge());
      else done(null, chunk);
    },
  });
}

async function readMultipart(
  body: Readable,
  type: string,
  assets: AssetStore,
  maxBytes: number,
): Promise<Form> {
  const parameters = new Map<string, string[]>();
  const received: Promise<Incoming & { name: string }>[] = [];
  const parser = openParser(type, maxBytes);
  parser.on('field', (name, value) => addParameter(parameters, name, value));
  parser.on('file', (name, stream, info) => {
    if (name !== 'file' || received.length > 0) return void stream.resume();
    const incoming = assets.receive(stream).then((file) => ({ ...file, name: info.filename ?? 'file' }));
    incoming.catch(() => undefined); // the same failure reaches the caller below, after the parser has ended
    received.push(incoming);
  });
  try {
    await pipeline(body, repairFilenames(), parser);
  } catch (error) {
    for (const result of await Promise.allSettled(received)) {
      if (result.status === 'fulfilled') assets.release(result.value);
    }
    throw error instanceof ApiError ? error : new ApiError(400, 'Malformed multipart body');
  }
  return { parameters, file: await received[0] };
}

function openParser(type: string, maxBytes: number): busboy.Busboy {
  try {
    // The SDK's random boundary can come out empty; it is legal only in quotes.
    const contentType = type.replace(/boundary=\s*$/, 'boundary=""');
    return busboy({
      headers: { 'content-type': contentType },
      defParamCharset: 'utf8',
      limits: { fieldSize: maxBytes, fields: FIELDS_MAX },
    });
  } catch (cause) {
    throw Object.assign(new ApiError(400, 'Malformed multipart body'), { cause });
  }
}

export async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(text: string): object {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (value instanceof Object && !Array.isArray(value)) return value;
  } catch (cause) {
    throw Object.assign(new ApiError(400, 'Malformed JSON body'), { cause });
  }
  throw new ApiError(400, 'The JSON body must be an object');
}

function fromJson(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fromJson);
  if (value === null || value === undefined) return [];
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
}

/** `key[]` and the indexed `key[0]` both add to `key`. */
export function addParameter(parameters: Map<string, string[]>, name: string, ...values: string[]): void {
  const key = name.replace(/\[\d*\]$/, '');
  parameters.set(key, [...(parameters.get(key) ?? []), ...values]);
}
