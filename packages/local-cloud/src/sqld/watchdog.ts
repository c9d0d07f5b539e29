/**
 * No orphans. A process that is killed outright runs no cleanup of its own, so each server gets a companion: a shell
 * that waits for the end of its standard input, which comes when this process is gone, however it went.
 */
import { spawn } from 'node:child_process';

const SCRIPT = 'cat >/dev/null; kill -KILL "$1" 2>/dev/null; rm -rf -- "$2"';

/** Kills `pid`, and deletes `folder`, once this process has ended. Returns the way to call it off. */
export function watchOver(pid: number, folder: string): () => void {
  const watchdog = spawn('/bin/sh', ['-c', SCRIPT, 'local-cloud-watchdog', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // a group of its own: Ctrl-C must not take it before its time
  });
  // Without a shell there is no companion; the exit handler still covers every ordinary end.
  watchdog.on('error', () => {});
  watchdog.stdin.on('error', () => {});
  watchdog.unref();
  const stdin: unknown = watchdog.stdin;
  if (stdin instanceof Object && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return () => {
    if (watchdog.pid === undefined || watchdog.exitCode !== null || watchdog.signalCode !== null) return;
    try {
      process.kill(-watchdog.pid, 'SIGKILL');
    } catch {
      // Already gone, which is what was wanted.
    }
  };
}
