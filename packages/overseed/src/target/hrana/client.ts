/** The HTTP side of Hrana: one POST, its timeout, and what its status means. */
import { messageOf } from '../../model/error.ts';
import type { HranaAddress } from './address.ts';
import { refusedToken } from './token.ts';

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

/** The server, or a proxy before it, answered with a status that is neither success nor a refused token. */
export class HttpRefusal extends Error {
  readonly status: number;
  /** The server's own code, such as `BLOCKED`; undefined when it sent none. */
  readonly code: string | undefined;
  /** From now on, as the server wishes; undefined when it wishes nothing. */
  readonly retryAfterMs: number | undefined;
  /** Size of the request. */
  readonly sentBytes: number;

  constructor(
    status: number,
    { text, code }: Complaint,
    details: { readonly retryAfterMs?: number | undefined; readonly sentBytes: number },
  ) {
    super(`HTTP ${status}${text ? `: ${text}` : ''}`);
    this.status = status;
    this.code = code;
    this.retryAfterMs = details.retryAfterMs;
    this.sentBytes = details.sentBytes;
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
  const json = JSON.stringify(body);
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
      body: json,
      signal,
    });
  } catch (error) {
    throw new ConnectionFailed(messageOf(error), !NEVER_SENT.has(codeOf(error)), error);
  }
  if (response.ok) return response;
  const { status } = response;
  const complaint = await complaintOf(response);
  if ((status === 401 || status === 403) && complaint.code !== 'BLOCKED')
    throw refusedToken(address, status, complaint.text);
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
  throw new HttpRefusal(status, complaint, { retryAfterMs, sentBytes: Buffer.byteLength(json) });
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

interface Complaint {
  readonly text: string;
  readonly code: string | undefined;
}

/** `{error}`, `{message, code}` or `{error: {message, code}}`, as servers differ; or plain text, or a proxy's page. */
async function complaintOf(response: Response): Promise<Complaint> {
  // The status says enough where the text was cut off.
  const text = (await response.text().catch(() => '')).trim().slice(0, 500);
  try {
    const { error, ...outer } = JSON.parse(text) as { error?: unknown; message?: unknown; code?: unknown };
    const nested = typeof error === 'object' && error !== null ? error : undefined;
    const { message, code } = { ...outer, ...nested };
    const plain = typeof error === 'string' ? error : message;
    return { text: String(plain ?? text), code: typeof code === 'string' ? code : undefined };
  } catch {
    // Not JSON: a protocol error, whose text is the best there is, or the page of a proxy.
    return { text: text.startsWith('<') ? '' : text, code: undefined };
  }
}

/** Seconds, or a date (RFC 9110, section 10.2.3). */
function parseRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
