/** A remote libSQL database: Turso Cloud or `sqld`, over HTTP. */
import { OverseedError } from '../../model/error.ts';
import type { Target } from '../target.ts';
import type { HranaAddress } from './address.ts';
import { post } from './client.ts';
import { openSnapshot } from './snapshot.ts';
import { WriteStream } from './write-stream.ts';

export interface HranaOptions {
  /** `libsql:`, `https:`, `http:`, `wss:` or `ws:`. */
  readonly url: string;
  readonly token: string | undefined;
  /** Names of the variables these came from, for messages. */
  readonly variables: { readonly url: string; readonly token: string };
}

/** `max_row_size` of a server as it comes (libsql-server, `connection/config.rs`); it bounds a row and a value alike. */
const MAX_ROW_BYTES = 5_000_000;

export function openHranaTarget({ url, token, variables }: HranaOptions): Target {
  const { baseUrl, label } = parseDatabaseUrl(url, variables.url);
  const address: HranaAddress = { baseUrl, label, token, tokenVariable: variables.token };
  /** A finished snapshot leaves its stream open for ten seconds; closing it early frees its place on the server. */
  const closing = new Set<Promise<void>>();

  function closeStream(baton: string): void {
    const request = post(
      address,
      '/v3/pipeline',
      { baton, requests: [{ type: 'close' }] },
      AbortSignal.timeout(5_000),
    )
      .then(async (response) => void (await response.arrayBuffer()))
      // The server closes idle streams by itself, so a lost "close" costs it ten seconds of one connection.
      .catch(() => undefined)
      .finally(() => closing.delete(request));
    closing.add(request);
  }

  const writer = new WriteStream(address, closeStream);
  return {
    kind: 'remote',
    label,
    channel: 'json',
    maxRowBytes: MAX_ROW_BYTES,
    snapshot: (signal) => openSnapshot(address, signal, closeStream),
    mark: (signal) => writer.mark(signal),
    write: (steps, signal, { since } = {}) => writer.write(steps, signal, since),
    async [Symbol.asyncDispose]() {
      await writer[Symbol.asyncDispose]();
      await Promise.all(closing);
    },
  };
}

const SCHEMES: Record<string, string> = {
  'libsql:': 'https:',
  'wss:': 'https:',
  'ws:': 'http:',
  'https:': 'https:',
  'http:': 'http:',
};

/** @throws CONFIG_INVALID when `url` is not the address of a remote database */
export function parseDatabaseUrl(url: string, variable: string): { baseUrl: string; label: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const scheme = parsed && SCHEMES[parsed.protocol];
  if (!parsed || !scheme || !parsed.host) {
    throw new OverseedError('CONFIG_INVALID', {
      what: `${variable} is not the address of a libSQL database.`,
      state: 'not-contacted',
      next: 'It must look like libsql://name-organisation.turso.io (or https://, http:// for a server of your own).',
    });
  }
  const plain = parsed.searchParams.get('tls') === '0' ? 'http:' : scheme;
  return { baseUrl: `${plain}//${parsed.host}${parsed.pathname.replace(/\/$/, '')}`, label: parsed.host };
}
