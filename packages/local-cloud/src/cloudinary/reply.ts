/** What a handler answers, and how it reaches the client. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long an early answer waits for the rest of the request. */
const LINGER_MS = 5_000;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | { readonly path: string; readonly bytes: number };
}

export const jsonReply = (body: object, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: 200,
  headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
});

export function errorReply(status: number, message: string): Reply {
  return {
    status,
    // Header values are latin1 at best; names in messages may hold anything.
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'X-Cld-Error': message.replace(/[^\x20-\x7e]/g, '?'),
    },
    body: JSON.stringify({ error: { message } }),
  };
}

export function lengthOf({ body }: Reply): number {
  if (typeof body === 'string') return Buffer.byteLength(body);
  return 'path' in body ? body.bytes : body.length;
}

export async function send(response: ServerResponse, reply: Reply, bytesPerSecond?: number): Promise<void> {
  const { status, headers, body } = reply;
  response.writeHead(status, {
    ...headers,
    ...(status === 304 ? {} : { 'Content-Length': lengthOf(reply) }),
  });
  const isFile = typeof body === 'object' && 'path' in body;
  if (response.req.method === 'HEAD' || status === 304) response.end();
  else if (bytesPerSecond !== undefined) {
    await trickle(response, isFile ? createReadStream(body.path) : [Buffer.from(body)], bytesPerSecond);
  } else if (isFile) await pipeline(createReadStream(body.path), response);
  else response.end(body);
}

/**
 * Answers while the client is still sending, then closes the connection. As gateways do, it goes on reading for a while:
 * closing at once would reset the connection, and the client might never see the answer.
 */
export async function sendEarly(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): Promise<void> {
  response.writeHead(reply.status, {
    ...reply.headers,
    'Content-Length': lengthOf(reply),
    Connection: 'close',
  });
  if (typeof reply.body === 'string' || reply.body instanceof Buffer) response.write(reply.body);
  request.unpipe();
  request.resume();
  await Promise.race([
    once(request, 'close'),
    once(response, 'close'),
    sleep(LINGER_MS, undefined, { ref: false }),
  ]);
  response.end();
}

async function trickle(
  response: ServerResponse,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  bytesPerSecond: number,
): Promise<void> {
  const ticksPerSecond = Math.min(20, bytesPerSecond);
  const step = Math.max(1, Math.round(bytesPerSecond / ticksPerSecond));
  for await (const chunk of chunks) {
    for (let offset = 0; offset < chunk.length && !response.destroyed; offset += step) {
      response.write(chunk.subarray(offset, offset + step));
      await sleep(1000 / ticksPerSecond);
    }
  }
  response.end();
}
