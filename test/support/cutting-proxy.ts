/** A proxy on the way to a server that can cut a connection before a request arrives, or before its answer leaves. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type Cut = 'none' | 'before-request' | 'before-answer';

export interface CuttingProxy extends AsyncDisposable {
  readonly url: string;
  /** Requests that were seen. */
  readonly requests: () => number;
}

/** What the proxy makes of bodies on their way; by default nothing. */
export interface Rewriting {
  readonly request?: (body: string) => string;
  readonly answer?: (body: string) => string;
}

/** @param choose is asked for each request with its body */
export async function cuttingProxy(
  upstream: string,
  choose: (body: string) => Cut,
  { request: rewriteRequest, answer: rewriteAnswer }: Rewriting = {},
): Promise<CuttingProxy> {
  let requests = 0;
  const server = http.createServer((request, response) => {
    requests++;
    // A server that closes the line, at its end for one, closes it for whoever asked.
    pass(request, response).catch(() => request.socket.destroy());
  });
  async function pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const cut = choose(body.toString());
    if (cut === 'before-request') return void request.socket.destroy();
    const headers = new Headers();
    for (const name of ['authorization', 'content-type', 'accept-encoding']) {
      const value = request.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    const answer = await fetch(`${upstream}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      body: rewriteRequest ? rewriteRequest(body.toString()) : body,
    });
    const arrived = Buffer.from(await answer.arrayBuffer());
    const bytes = rewriteAnswer ? Buffer.from(rewriteAnswer(arrived.toString())) : arrived;
    if (cut === 'before-answer') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(bytes);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
