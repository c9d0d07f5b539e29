/** The HTTP side of Hrana: one POST, its timeout, and what its status means. */
import { messageOf, OverseedError } from '../../model/error.ts';

export interface HranaAddress {
  /** `https://host` or `http://host:port`, no trailing slash. */
  readonly baseUrl: string;
  /** What people see: the host. */
  readonly label: string;
  readonly token: string | undefined;
  /** Name of the variable that holds the token, for messages. */
  readonly tokenVariable: string;
}

/** The request certainly never reached the server, or the server certainly did nothing with it. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The connection failed. `sent` is false when the server cannot have seen the request. */
export class ConnectionFailed extends Error {
  readonly sent: boolean;
  constructor(message: string, sent: boolean, cause: unknown) {
    super(message, { cause });
    this.sent = sent;
  }
}

/** The server answered with a status that is neither success nor a refused token. */
export class HttpRefusal extends Error {
  readonly status: number;
  constructor(status: number, text: string) {
    super(`HTTP ${status}${text ? `: ${text}` : ''}`);
    this.status = status;
  }
}

/**
 * @throws ConnectionFailed, HttpRefusal
 * @throws TARGET_AUTH on 401 and 403
 */
export async function post(
  address: HranaAddress,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${address.baseUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // A compressed cursor is flushed per row, which Node decodes in quadratic time.
        'accept-encoding': 'identity',
        ...headersOf(address),
      },
      body: JSON.stringify(body),
      signal,
    });
  } catch (error) {
    throw new ConnectionFailed(messageOf(error), !NEVER_SENT.has(codeOf(error)), error);
  }
  if (response.ok) return response;
  const text = await errorText(response);
  if (response.status === 401 || response.status === 403) throw refusedToken(address, response.status, text);
  throw new HttpRefusal(response.status, text);
}

export function headersOf({ token }: HranaAddress): Record<string, string> {
  return token ? { authorization: `Bearer ${token}` } : {};
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  // Several addresses were tried (IPv6, then IPv4): the reason is in the list.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first instanceof Error && 'code' in first ? String(first.code) : '';
}

async function errorText(response: Response): Promise<string> {
  const text = (await response.text()).trim().slice(0, 500);
  try {
    const body = JSON.parse(text) as { error?: unknown; message?: unknown };
    return String(body.error ?? body.message ?? text);
  } catch {
    // Not JSON: a protocol error or a proxy's page, whose text is the best there is.
    return text.startsWith('<') ? '' : text;
  }
}

function refusedToken(address: HranaAddress, status: number, text: string): OverseedError {
  const what = address.token
    ? `${address.label} refused the token (HTTP ${status}${text ? `: ${text}` : ''}).`
    : `${address.label} asks for a token (HTTP ${status}), and none is set.`;
  return new OverseedError('TARGET_AUTH', {
    what,
    state: 'old',
    next: `Check ${address.tokenVariable}: it must hold a token of this very database that is allowed to write and has not expired.`,
  });
}
