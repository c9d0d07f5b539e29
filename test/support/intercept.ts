/** Stands between a client and an HTTP server, sees every request, and decides what becomes of it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

/** `cut` ends the connection unanswered; `lose-answer` does so after the server has done its work. */
export type Fate = 'pass' | 'cut' | 'lose-answer' | Answer;

/** What the client gets instead of the server's answer; the server sees nothing. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SeenRequest {
  readonly path: string;
  readonly body: string;
}

export interface Interception extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  /** How many requests came. */
  readonly count: number;
}

export async function intercept(
  serverUrl: string,
  decide: (request: SeenRequest) => Fate | Promise<Fate>,
): Promise<Interception> {
  let count = 0;
  const server = createServer(async (request, response) => {
    count++;
    try {
      const body = await bodyOf(request);
      const path = request.url ?? '/';
      const fate = await decide({ path, body: body.toString() });
      if (fate === 'cut') return void response.destroy();
      if (typeof fate === 'object') return void response.writeHead(fate.status, fate.headers).end(fate.body);
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
      const answer = await fetch(serverUrl + path, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(body.length > 0 ? { body: Uint8Array.from(body) } : {}),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (fate === 'lose-answer') return void response.destroy();
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'application/octet-stream',
      });
      response.end(bytes);
    } catch {
      // The server behind is gone: to the client, so are we.
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server must have a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get count() {
      return count;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Answers nobody: whatever calls it must not call at all. */
export function tripwire(): Promise<Interception> {
  return intercept('http://127.0.0.1:1', () => 'cut');
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
