/** A request body that is read from disk while it is sent. */
import { ReadableStream } from 'node:stream/web';
import { StoreError } from './asset-store.ts';

export type RequestBody = NonNullable<RequestInit['body']>;

export interface StreamedBody {
  /** To be spread into the options of `fetch`. */
  readonly request: {
    readonly body: RequestBody;
    readonly duplex: 'half';
    readonly headers: Readonly<Record<string, string>>;
  };
  /** Why the body broke off, if it did by itself: `fetch` only says that it failed. */
  failure(): StoreError | undefined;
}

/** @param sizeBytes of all chunks together; when fewer come, the server discards the request */
export function streamedBody(
  chunks: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  headers: Readonly<Record<string, string>>,
): StreamedBody {
  let failure: StoreError | undefined;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
    } catch (error) {
      if (error instanceof StoreError) failure = error;
      throw error;
    }
  }
  return {
    request: {
      body: ReadableStream.from(watched()) as RequestBody,
      duplex: 'half',
      headers: { ...headers, 'content-length': String(sizeBytes) },
    },
    failure: () => failure,
  };
}
