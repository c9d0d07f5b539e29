import { expect, test } from 'vitest';
import { runCommand } from './run-command.ts';

const here = { cwd: import.meta.dirname, timeoutMs: 20_000 };

function runScript(script: string, options: Partial<Parameters<typeof runCommand>[2]> = {}) {
  return runCommand(process.execPath, ['-e', script], { ...here, ...options });
}

test('keeps both streams and the exit code', async () => {
  const result = await runScript("console.log('ñ'); console.error('no'); process.exitCode = 3;");
  expect(result).toMatchObject({ exitCode: 3, stdout: 'ñ\n', stderr: 'no\n', stoppedBy: 'itself' });
});

test('adds variables and takes them away', async () => {
  const print = 'console.log(process.env.ADDED, process.env.HOME)';
  const { stdout } = await runScript(print, { env: { ADDED: 'yes', HOME: undefined } });
  expect(stdout).toBe('yes undefined\n');
});

test('ends the grandchildren too when time is up', async () => {
  // The grandchild holds our end of the pipe open: were it alive, the result would not come.
  const script = `
    require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    setInterval(() => {}, 1000);`;
  const { stoppedBy, exitCode, durationMs } = await runScript(script, { timeoutMs: 1_000 });
  expect(stoppedBy).toBe('timeout');
  expect(exitCode).toBe(128 + 15);
  expect(durationMs).toBeLessThan(3_000);
});

test('stops on abort', async () => {
  const result = await runScript('setInterval(() => {}, 1000)', { signal: AbortSignal.timeout(300) });
  expect(result.stoppedBy).toBe('abort');
});

test('refuses a command that does not exist', async () => {
  await expect(runCommand('no-such-command', [], here)).rejects.toThrow('ENOENT');
});
