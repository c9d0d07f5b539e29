/** A command on a real terminal of 80 columns, typed to by a test. Linux's `script` lends the terminal. */
import { spawn } from 'node:child_process';

export interface TerminalSession {
  readonly exitCode: number;
  /** All that was shown, without the codes that move and colour. */
  readonly screen: string;
}

/** What to type once a text has been shown. */
export type Reply = readonly [shown: string, typed: string];

const TIMEOUT_MS = 30_000;

export async function onTerminal(
  command: readonly string[],
  { cwd, env, replies }: { cwd: string; env: NodeJS.ProcessEnv; replies: readonly Reply[] },
): Promise<TerminalSession> {
  const line = [
    'stty cols 80 rows 40;',
    'exec',
    ...command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`),
  ].join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const left = [...replies];
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const [next] = left;
    if (next === undefined || !shown.includes(next[0])) return;
    left.shift();
    child.stdin.write(next[1]);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  clearTimeout(timer);
  return { exitCode, screen: withoutCodes(shown) };
}

function withoutCodes(text: string): string {
  const escapeCode = String.fromCharCode(27);
  return text.replaceAll(new RegExp(`${escapeCode}\\[[0-9;?]*[A-Za-z]`, 'g'), '').replaceAll('\r\n', '\n');
}
