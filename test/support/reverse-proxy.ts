/**
 * Stands before an HTTP server as a gateway does: bytes, `Host` and all other headers pass unchanged, so signatures stay
 * good. It may answer in the server's place, lose the server's answer, or change the answer's headers.
 */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';

export interface PassingRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export type Verdict =
  | 'pass'
  /** The connection ends unanswered, before the server sees anything. */
  | 'cut'
  /** The connection ends unanswered, after the server has done its work. */
  | 'lose-answer'
  /** The server is not asked. */
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  /** The server is asked for another path. */
  | { readonly passAs: string }
  /** The server's answer, with other headers. */
  | { readonly rewrite: (headers: IncomingHttpHeaders) => IncomingHttpHeaders };

export interface ReverseProxy extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  /** All that came, in order. */
  readonly requests: readonly PassingRequest[];
}

export async function startReverseProxy(
  serverUrl: string,
  judge: (request: PassingRequest) => Verdict,
): Promise<ReverseProxy> {
  const requests: PassingRequest[] = [];
  const server = createServer((incoming, response) => {
    const seen = { method: incoming.method ?? '', path: incoming.url ?? '/', headers: incoming.headers };
    requests.push(seen);
    const verdict = judge(seen);
    if (verdict === 'cut') return void response.destroy();
    if (typeof verdict === 'object' && 'status' in verdict)
      return void answerInstead(incoming, response, verdict);
    passOn(serverUrl, incoming, response, verdict);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server must have a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** After the whole request has come, as most servers do. */
function answerInstead(
  incoming: IncomingMessage,
  response: ServerResponse,
  { status, headers = {}, body = '' }: Extract<Verdict, { status: number }>,
): void {
  incoming.resume().once('end', () => {
    response.writeHead(status, { 'content-type': 'application/xml', ...headers });
    response.end(incoming.method === 'HEAD' ? undefined : body);
  });
}

function passOn(
  serverUrl: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  verdict: Verdict,
): void {
  const { hostname, port } = new URL(serverUrl);
  const { method, headers } = incoming;
  const path = typeof verdict === 'object' && 'passAs' in verdict ? verdict.passAs : incoming.url;
  const outgoing = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
    if (verdict === 'lose-answer') return void answer.resume().once('end', () => response.destroy());
    const shown =
      typeof verdict === 'object' && 'rewrite' in verdict ? verdict.rewrite(answer.headers) : answer.headers;
    response.writeHead(answer.statusCode ?? 502, shown);
    answer.pipe(response);
  });
  // One side is gone: so is the other.
  outgoing.on('error', () => response.destroy());
  incoming.on('error', () => outgoing.destroy());
  incoming.on('close', () => {
    if (!incoming.complete) outgoing.destroy();
  });
  incoming.pipe(outgoing);
}
