/** One run of the sqld binary: from spawn, through ready, to its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { onProcessExit } from '../util/on-process-exit.ts';
import { watchOver } from './watchdog.ts';

const LOG_TAIL_CHARS = 4_000;
/** sqld writes this line after it has bound its port; `/health` alone might be a stranger's on the same port. */
const BOUND = 'listening for incoming user HTTP connection';
const TERM_GRACE_MS = 3_000;

export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the process ends although nobody asked it to; the error holds the end of its log. */
  readonly died: Promise<Error>;
  /** Ends the process and waits for it: SIGTERM first, SIGKILL when that is not enough, or at once when asked. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export class PortTakenError extends Error {}

export interface Launch {
  readonly binary: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly startTimeoutMs: number;
  /** Deleted if this process dies without a chance to clean up. */
  readonly temporaryFolder: string;
}

/**
 * Starts sqld and waits until it answers.
 * @throws PortTakenError when another process has the port
 * @throws Error with the end of the server's log when it ends early or is not ready in time
 */
export async function launch(plan: Launch): Promise<ServerProcess> {
  const { binary, args, port, startTimeoutMs, temporaryFolder } = plan;
  const child = spawn(binary, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment(),
    detached: true, // a group of its own: Ctrl-C reaches this process first, which then ends the server in good order
  });
  const log = collectLog(child);
  let spawnError: Error | undefined;
  let asked = false;
  child.once('error', (error) => {
    spawnError = error;
  });
  const releases = [onProcessExit(() => child.kill('SIGKILL'))];
  if (child.pid !== undefined) releases.push(watchOver(child.pid, temporaryFolder));
  const closed = once(child, 'close').catch(() => undefined); // a failed spawn; `spawnError` says why
  const died = new Promise<Error>((resolve) => {
    void closed.then(() => {
      for (const release of releases) release();
      if (!asked) resolve(new Error(`sqld ended unexpectedly (${endOf(child)}). ${log.tail()}`));
    });
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    asked = true;
    child.kill(signal);
    const fallback = setTimeout(() => child.kill('SIGKILL'), TERM_GRACE_MS);
    await closed;
    clearTimeout(fallback);
  };

  const deadline = Date.now() + startTimeoutMs;
  while (!(log.saysBound() && (await isHealthy(port)))) {
    if (spawnError || child.exitCode !== null || child.signalCode !== null) {
      await closed;
      if (/Address already in use/i.test(log.tail())) {
        throw new PortTakenError(`Port ${port} is taken by another process.`);
      }
      throw new Error(`sqld ended before it was ready (${endOf(child)}). ${log.tail()}`, {
        cause: spawnError,
      });
    }
    if (Date.now() > deadline) {
      await end('SIGKILL');
      throw new Error(`sqld was not ready within ${startTimeoutMs} ms. ${log.tail()}`);
    }
    await sleep(10);
  }
  return { pid: child.pid ?? 0, died, end };
}

function collectLog(child: ChildProcess): { tail(): string; saysBound(): boolean } {
  let text = '';
  let bound = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more: string) => {
      text = (text + more).slice(-LOG_TAIL_CHARS);
      bound ||= text.includes(BOUND);
    });
  }
  return {
    tail: () => (text.trim() ? `The end of its log:\n${text.trim()}` : 'It wrote no log.'),
    saysBound: () => bound,
  };
}

/** The few variables a server needs. Others, above all `SQLD_*`, could change what it does. */
function childEnvironment(): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = { RUST_LOG: 'info' };
  for (const name of ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH']) {
    if (process.env[name] !== undefined) kept[name] = process.env[name];
  }
  return kept;
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(1_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    // Not listening yet; the caller's deadline decides how long that is acceptable.
    return false;
  }
}

const endOf = (child: ChildProcess) =>
  child.signalCode ? `signal ${child.signalCode}` : `exit code ${child.exitCode ?? 'none'}`;
