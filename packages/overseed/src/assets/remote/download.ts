/**
 * Fetches one file from the web, within a policy: every address on the way is checked before anything is sent to it, and
 * the connection goes to the very address that was checked, so that a name cannot point elsewhere in between.
 */
import { createHash } from 'node:crypto';
import { lookup as resolveName } from 'node:dns';
import { createWriteStream } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { RemoteFiles } from '../../model/asset-columns.ts';
import { messageOf } from '../../model/error.ts';
import { backoffMs, wait } from '../../util/wait.ts';
import { UnusableFile } from '../unusable-file.ts';
import { allowedUrl, DEFAULT_MAX_BYTES, DEFAULT_TIMEOUT_MS, refusePrivate } from './policy.ts';

const MOST_REDIRECTS = 5;
const ATTEMPTS = 3;

/** What the server said of the file, to ask it later whether that still holds. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type Download =
  | { readonly status: 'not-modified' }
  | { readonly status: 'fetched'; readonly sha256: string; readonly validators: Validators };

/** How names become addresses; that of the platform, except in tests. */
export type ResolveName = (
  name: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: { address: string; family: number }[]) => void,
) => void;

/**
 * @param known what is known of an earlier download, if it is still here
 * @param file where the bytes go; made only when there are some
 * @throws UnusableFile; the reason of `stop`
 */
export async function download(
  address: string,
  remote: RemoteFiles,
  known: Validators,
  file: string,
  stop: AbortSignal,
  resolve: ResolveName = resolveName,
): Promise<Download> {
  const timeoutMs = remote.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([stop, timeout]);
  for (let attempt = 1; ; attempt++) {
    try {
      return await follow(address, { remote, known, file, resolve, signal });
    } catch (error) {
      stop.throwIfAborted();
      if (timeout.aborted) throw new UnusableFile(`took longer than ${timeoutMs} ms`);
      if (error instanceof UnusableFile && !(error instanceof PassingFailure)) throw error;
      if (attempt === ATTEMPTS)
        throw error instanceof UnusableFile
          ? error
          : new UnusableFile(`cannot be fetched (${messageOf(error)})`);
      await wait(backoffMs(attempt, { baseMs: 300, maxMs: 2_000 }), signal).catch(() => undefined); // Too late: the next attempt says so.
    }
  }
}

/** The server says that it cannot just now. */
class PassingFailure extends UnusableFile {}

interface Request {
  readonly remote: RemoteFiles;
  readonly known: Validators;
  readonly file: string;
  readonly resolve: ResolveName;
  readonly signal: AbortSignal;
}

async function follow(address: string, request: Request): Promise<Download> {
  let url = allowedUrl(address, request.remote);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await ask(url, request);
    const status = response.statusCode ?? 0;
    if (status === 200) return save(response, request);
    response.destroy();
    if (status === 304) return { status: 'not-modified' };
    if (status === 429 || status >= 500) throw new PassingFailure(`answers with HTTP ${status}`);
    const next = [301, 302, 303, 307, 308].includes(status) ? response.headers.location : undefined;
    if (next === undefined) throw new UnusableFile(`answers with HTTP ${status}`);
    url = redirected(url, next, request.remote);
  }
  throw new UnusableFile(`redirects more than ${MOST_REDIRECTS} times`);
}

function redirected(from: URL, location: string, remote: RemoteFiles): URL {
  if (!URL.canParse(location, from.href))
    throw new UnusableFile('redirects to something that is not an address');
  const next = new URL(location, from);
  if (from.protocol === 'https:' && next.protocol === 'http:')
    throw new UnusableFile('redirects from https to http');
  try {
    return allowedUrl(next.href, remote);
  } catch (error) {
    if (error instanceof UnusableFile)
      throw new UnusableFile(`redirects to an address that ${error.message}`);
    throw error;
  }
}

async function ask(url: URL, { remote, known, resolve, signal }: Request): Promise<http.IncomingMessage> {
  // A connection of its own: one that is kept open elsewhere may lead to an address that nobody checked.
  const options: https.RequestOptions = {
    lookup: checkedLookup(remote, resolve),
    signal,
    headers: {
      accept: 'image/*',
      // Lengths and checksums are those of the file itself.
      'accept-encoding': 'identity',
      'user-agent': 'overseed',
      ...(known.etag === undefined ? {} : { 'if-none-match': known.etag }),
      ...(known.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }),
    },
  };
  const outgoing =
    url.protocol === 'https:'
      ? https.request(url, { ...options, agent: new https.Agent({ keepAlive: false }) })
      : http.request(url, { ...options, agent: new http.Agent({ keepAlive: false }) });
  return new Promise((answered, failed) => {
    outgoing.on('response', answered);
    outgoing.on('error', failed);
    outgoing.end();
  });
}

/** Hands out addresses only when all of them may be used. */
function checkedLookup(remote: RemoteFiles, resolve: ResolveName): LookupFunction {
  return (name, options, callback) => {
    resolve(name, { all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      try {
        refusePrivate(
          addresses.map(({ address }) => address),
          remote,
        );
      } catch (refusal) {
        return callback(refusal as Error, '');
      }
      const [first] = addresses;
      if (options.all) return callback(null, addresses);
      return callback(null, first?.address ?? '', first?.family);
    });
  };
}

async function save(response: http.IncomingMessage, { remote, file }: Request): Promise<Download> {
  const maxBytes = remote.maxBytes ?? DEFAULT_MAX_BYTES;
  const tooLarge = () => new UnusableFile(`is larger than ${maxBytes} bytes, the most that is fetched`);
  const { 'content-encoding': encoding, 'content-length': length, etag } = response.headers;
  const lastModified = response.headers['last-modified'];
  try {
    if (encoding !== undefined && encoding !== 'identity')
      throw new UnusableFile(`comes packed (${encoding}), although it was asked for as it is`);
    if (length !== undefined && Number(length) > maxBytes) throw tooLarge();
    const digest = createHash('sha256');
    let bytes = 0;
    await pipeline(
      response,
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          bytes += piece.byteLength;
          if (bytes > maxBytes) throw tooLarge();
          digest.update(piece);
          yield piece;
        }
      },
      createWriteStream(file, { mode: 0o600 }),
    );
    return {
      status: 'fetched',
      sha256: digest.digest('hex'),
      validators: { ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) },
    };
  } finally {
    response.destroy();
  }
}
