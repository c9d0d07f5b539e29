import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

export interface CommandOptions {
  readonly cwd: string;
  /** Added to the own environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** After this long the command's whole process group is ended. */
  readonly timeoutMs: number;
  /** `show` passes the output on as it comes, besides keeping it. */
  readonly output?: 'keep' | 'show' | ((text: string) => void);
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  /** 128 + the signal's number when a signal ended it, as a shell would say. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  readonly stoppedBy: 'itself' | 'timeout' | 'abort';
}

/** How long a process group may take to end after SIGTERM before it gets SIGKILL, in ms. */
const GRACE_MS = 3_000;

/**
 * Runs a command to its end. A non-zero exit is a result, not an error.
 * @throws Error when the command cannot be started
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs, output = 'keep', signal }: CommandOptions,
): Promise<CommandResult> {
  const startedAt = performance.now();
  // A group of its own, so that what the command started in turn can be ended with it.
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const show =
    output === 'show' ? (text: string) => process.stdout.write(text) : output === 'keep' ? undefined : output;
  const kept = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      kept[name] += text;
      show?.(text);
    });
  }

  let stoppedBy: CommandResult['stoppedBy'] = 'itself';
  const stop = (reason: 'timeout' | 'abort') => {
    if (stoppedBy !== 'itself') return;
    stoppedBy = reason;
    void endProcessGroup(child);
  };
  const onAbort = () => stop('abort');
  // Detached, so the terminal's Ctrl-C does not reach the group: it must not outlive us.
  const onExit = () => signalGroup(child, 'SIGKILL');
  const timer = setTimeout(stop, timeoutMs, 'timeout');
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  process.once('exit', onExit);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, name) => resolve(code ?? 128 + (name ? constants.signals[name] : 0)));
    });
    return { exitCode, ...kept, durationMs: performance.now() - startedAt, stoppedBy };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    process.removeListener('exit', onExit);
  }
}

async function endProcessGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, 'SIGTERM');
  await delay(GRACE_MS, undefined, { ref: false });
  signalGroup(child, 'SIGKILL');
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the whole group has ended already, which is what was asked for.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
