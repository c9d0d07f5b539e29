/**
 * Which replication log a `sqld` is writing. Its frames are counted from the log's beginning, and a log that was rebuilt
 * after a crash counts anew, so a frame number means something together with this only. Servers that do not answer the
 * question (Turso Cloud's front is not known to) have none.
 */
import type { HranaAddress } from './address.ts';
import { headersOf } from './client.ts';

/** A `HelloRequest` with its `handshake_version`, framed for gRPC-Web (libsql-replication, `replication_log.proto`). */
const HELLO = new Uint8Array([0, 0, 0, 0, 2, 8, 1]);
const ANSWER_MS = 5_000;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** @returns the ids of the log, of the server's start and of its session; undefined when there is no such answer */
export async function logIdentity(address: HranaAddress, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(`${address.baseUrl}/wal_log.ReplicationLog/Hello`, {
      method: 'POST',
      headers: {
        ...headersOf(address),
        'content-type': 'application/grpc-web+proto',
        'x-namespace-bin': Buffer.from('default').toString('base64'),
      },
      body: HELLO,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const answer = Buffer.from(await response.arrayBuffer()).toString('latin1');
    const ids = response.ok ? answer.match(UUID) : null;
    return ids && ids.length >= 2 ? ids.join(' ') : undefined;
  } catch {
    // It only saves time: who does not know is asked for all rows instead.
    signal.throwIfAborted();
    return undefined;
  }
}
