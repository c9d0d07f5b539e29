/** One request, from its arrival to its answer, with everything that may go wrong on the way. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from './api-error.ts';
import { type Call, type Emulation, Parameters } from './call.ts';
import type { Fault, FaultTarget, FaultWhen } from './fault.ts';
import { faultReply } from './fault-answer.ts';
import { CONTROL_PATH, controlFaults } from './fault-control.ts';
import { addParameter, type Form, readForm } from './read-form.ts';
import { errorReply, lengthOf, type Reply, send, sendEarly } from './reply.ts';
import { findRoute, type Route } from './route.ts';
import type { UploadSlots } from './upload-slots.ts';

/** The connection is gone, or will be left alone: there is nobody to answer. */
class Unanswered extends Error {}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly emulation: Emulation;
  readonly slots: UploadSlots;
  /** Aborted when the emulator stops. */
  readonly signal: AbortSignal;
}

export async function answer(exchange: Exchange): Promise<void> {
  const { response } = exchange;
  const aftermath: Fault[] = [];
  let reply: Reply;
  try {
    reply = await replyTo(exchange, aftermath);
  } catch (error) {
    if (error instanceof Unanswered || response.destroyed || exchange.signal.aborted) return;
    reply =
      error instanceof ApiError
        ? errorReply(error.status, error.message)
        : errorReply(500, `local-cloud failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  await deliverReply(exchange, reply, aftermath);
}

async function replyTo(exchange: Exchange, aftermath: Fault[]): Promise<Reply> {
  const { request, emulation, signal } = exchange;
  const { settings } = emulation;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const method = request.method ?? 'GET';
  exchange.response.setHeader('Date', new Date(Date.now() + settings.clockSkewMs).toUTCString());
  if (pathname === CONTROL_PATH) return controlFaults(request, settings.apiSecret, emulation.faults);
  const route = findRoute(method, pathname);
  if (settings.latencyMs > 0) await sleep(settings.latencyMs, undefined, { signal });
  const early = await suffer(exchange, 'arrival', { route: route.group, publicIds: undefined });
  if (early.reply) return early.reply;

  const admitted = takeSlot(exchange, route);
  if (!admitted && settings.throttleWhen === 'before-body') throw throttled(emulation);
  const form = await readForm(request, emulation.assets, settings.limits.requestMaxBytes);
  try {
    if (!admitted) throw throttled(emulation);
    const call = { method, path: route.path, parameters: merge(searchParams, form), file: form.file };
    return await handle(exchange, route, { ...call, headers: request.headers }, aftermath);
  } finally {
    if (form.file) emulation.assets.release(form.file);
  }
}

async function handle(
  exchange: Exchange,
  route: Route,
  call: Omit<Call, 'nowMs'>,
  aftermath: Fault[],
): Promise<Reply> {
  const { emulation, request } = exchange;
  const { counters, settings } = emulation;
  const target = { route: route.group, publicIds: publicIdsOf(route, call.parameters) };
  const before = await suffer(exchange, 'before-commit', target);
  const nowMs = Date.now() + settings.clockSkewMs + before.skewMs;
  try {
    if (before.reply) return before.reply;
    if (route.cloud !== settings.cloudName) {
      throw new ApiError(route.group === 'delivery' ? 404 : 401, 'cloud_name mismatch');
    }
    const reply = await route.handler({ ...call, nowMs }, emulation);
    if (route.group === 'delivery') {
      counters.deliveries++;
      if (reply.status === 200 && request.method === 'GET') counters.bytesDelivered += lengthOf(reply);
    }
    const after = await suffer(exchange, 'after-commit', target);
    aftermath.push(...after.taken);
    return after.reply ?? reply;
  } finally {
    if (route.group === 'admin') setHeaders(exchange.response, emulation.quota.headers(nowMs));
  }
}

/** Lets the faults of this moment happen. Those that answer give a reply; those that cut the line throw. */
async function suffer(
  { response, emulation, signal }: Exchange,
  when: FaultWhen,
  target: FaultTarget,
): Promise<{ reply: Reply | undefined; skewMs: number; taken: Fault[] }> {
  const taken = emulation.faults.take(when, target);
  emulation.counters.faults += taken.length;
  let skewMs = 0;
  for (const fault of taken) {
    if (fault.kind === 'latency') await sleep(fault.ms, undefined, { signal });
    if (fault.kind === 'clock-skew') skewMs += fault.ms;
    if (fault.kind === 'drop') response.socket?.resetAndDestroy();
    if (fault.kind === 'hang' && !response.closed) await once(response, 'close');
    if (fault.kind === 'drop' || fault.kind === 'hang') throw new Unanswered();
  }
  return { reply: taken.map(faultReply).find((reply) => reply !== undefined), skewMs, taken };
}

async function deliverReply(
  { request, response }: Exchange,
  reply: Reply,
  aftermath: Fault[],
): Promise<void> {
  const truncated = aftermath.some(({ kind }) => kind === 'truncated-json');
  const slow = aftermath.find((fault) => fault.kind === 'trickle');
  const reset = aftermath.find((fault) => fault.kind === 'reset-idle');
  const { socket } = response;
  const toSend = truncated ? halveJson(reply) : reply;
  if (request.complete) await send(response, toSend, slow?.bytesPerSecond);
  else await sendEarly(request, response, toSend);
  if (reset) setTimeout(() => socket?.resetAndDestroy(), reset.afterMs ?? 20);
}

function takeSlot({ response, slots, emulation }: Exchange, route: Route): boolean {
  if (!route.takesUploadSlot) return true;
  const { counters } = emulation;
  counters.uploadRequests++;
  const release = slots.take();
  if (!release) return false;
  response.once('close', release);
  counters.maxConcurrentUploads = Math.max(counters.maxConcurrentUploads, slots.taken);
  return true;
}

function throttled({ settings, counters }: Emulation): ApiError {
  counters.throttled++;
  return new ApiError(settings.throttleStatus, 'Rate Limit Exceeded. Too many concurrent uploads');
}

/** The names by which faults recognise a call. */
function publicIdsOf(route: Route, parameters: Parameters): string[] {
  const named = ['public_id', 'public_ids', 'from_public_id', 'prefix'].flatMap((name) =>
    parameters.many(name),
  );
  const [, second, ...rest] = route.path;
  const inPath =
    route.group === 'upload' ? '' : second === 'upload' ? rest.join('/') : route.path.slice(2).join('/');
  return inPath === '' ? named : [...named, inPath];
}

function merge(query: URLSearchParams, { parameters }: Form): Parameters {
  const merged = new Map(parameters);
  for (const [name, value] of query) addParameter(merged, name, value);
  return new Parameters(merged);
}

function halveJson(reply: Reply): Reply {
  return typeof reply.body === 'string'
    ? { ...reply, body: reply.body.slice(0, reply.body.length / 2) }
    : reply;
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
