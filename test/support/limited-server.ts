/** A real server whose limits a test may set, as an operator would: through its admin API. */

import { type RemoteTarget, remoteTarget } from './engine.ts';
import { freePort } from './free-port.ts';

/** What the admin API calls it (libsql-server, `http/admin/mod.rs`). */
export interface ServerLimits {
  readonly block_reads?: boolean;
  readonly block_writes?: boolean;
  readonly block_reason?: string;
  /** For example `1MB`. */
  readonly max_db_size?: string;
}

export interface LimitedServer extends RemoteTarget {
  /** From now on; what is not named is unlimited. */
  limit(limits: ServerLimits): Promise<void>;
}

export async function limitedServer(): Promise<LimitedServer> {
  const port = await freePort();
  const target = await remoteTarget({ extraArgs: ['--admin-listen-addr', `127.0.0.1:${port}`] });
  return {
    ...target,
    async limit(limits) {
      const response = await fetch(`http://127.0.0.1:${port}/v1/namespaces/default/config`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ block_reads: false, block_writes: false, max_db_size: '1000MB', ...limits }),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    },
  };
}
