/** The answers that faults give, worded as the service or the gateways before it word them. */
import type { Fault } from './fault.ts';
import { errorReply, type Reply } from './reply.ts';

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Invalid image file',
  420: 'Rate Limit Exceeded',
  423: 'Processing',
  429: 'Too Many Requests',
  499: 'Request Timeout',
  500: 'General Error',
};

const HTML: Readonly<Record<number, string>> = { 502: 'Bad Gateway', 504: 'Gateway Time-out' };

/** The reply of a fault that answers; undefined for those that do something else. */
export function faultReply(fault: Fault): Reply | undefined {
  switch (fault.kind) {
    case 'status':
      return statusReply(fault.status, fault.message, fault.retryAfterSeconds);
    case 'subscription':
      return errorReply(420, `You don't have an active subscription for ${fault.addOn ?? 'this add-on'}`);
    case 'refuse':
      return errorReply(400, fault.message ?? 'Invalid image file');
    default:
      return undefined;
  }
}

function statusReply(
  status: number,
  message: string | undefined,
  retryAfterSeconds: number | undefined,
): Reply {
  const pause = retryAfterSeconds ?? (status === 429 ? 1 : undefined);
  const headers: Record<string, string> = pause === undefined ? {} : { 'Retry-After': String(pause) };
  const title = HTML[status];
  if (title !== undefined && message === undefined) {
    const body = `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body><h1>${status} ${title}</h1></body>\r\n</html>`;
    return { status, headers: { ...headers, 'Content-Type': 'text/html' }, body };
  }
  if (status === 503 && message === undefined) return { status, headers, body: '' };
  const reply = errorReply(status, message ?? MESSAGES[status] ?? `Error ${status}`);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}
