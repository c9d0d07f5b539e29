/**
 * Faults over HTTP, for programs in another process: `GET /__faults` lists them, `POST /__faults` changes them. Both ask
 * for `Authorization: Bearer <api secret>`. A pattern is written as `"match": { "pattern": "^a", "flags": "i" }`.
 */
import type { IncomingMessage } from 'node:http';
import { equalSecrets } from '../util/equal-secrets.ts';
import { ApiError } from './api-error.ts';
import type { Fault, FaultBoard } from './fault.ts';
import { readText } from './read-form.ts';
import { jsonReply, type Reply } from './reply.ts';

export const CONTROL_PATH = '/__faults';

interface Command {
  /** `true` for all, or the ids to clear. Happens before `set`. */
  readonly clear?: true | readonly string[];
  readonly set?: readonly (Omit<Fault, 'match'> & { match?: string | { pattern: string; flags?: string } })[];
}

/** @throws ApiError 401 for a wrong secret, 400 for what is no fault */
export async function controlFaults(
  request: IncomingMessage,
  secret: string,
  board: FaultBoard,
): Promise<Reply> {
  const { method } = request;
  const [, given = ''] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (!equalSecrets(given, secret))
    throw new ApiError(401, 'The fault control needs the api secret as bearer');
  if (method === 'GET')
    return jsonReply({
      faults: board.list().map(({ fault, ...rest }) => ({ ...rest, fault: toJson(fault) })),
    });
  if (method !== 'POST') throw new ApiError(404, `The fault control knows GET and POST, not ${method}`);
  try {
    const { clear, set = [] } = JSON.parse(await readText(request)) as Command;
    if (clear === true) board.clear();
    else for (const id of clear ?? []) board.clear(id);
    return jsonReply({ ids: set.map((fault) => board.set(fromJson(fault))) });
  } catch (error) {
    throw new ApiError(400, error instanceof Error ? error.message : String(error));
  }
}

function fromJson(fault: NonNullable<Command['set']>[number]): Fault {
  const { match } = fault;
  const parsed =
    match === undefined || typeof match === 'string' ? match : new RegExp(match.pattern, match.flags);
  return { ...fault, ...(parsed === undefined ? {} : { match: parsed }) } as Fault;
}

const toJson = (fault: Fault) =>
  fault.match instanceof RegExp
    ? { ...fault, match: { pattern: fault.match.source, flags: fault.match.flags } }
    : fault;
