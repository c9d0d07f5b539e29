import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('threads that are closed in the middle of a statement take nobody with them', () => {
  const script = fileURLToPath(new URL('../support/closes-threads.ts', import.meta.url));
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect({ status, signal, stdout, stderr }).toEqual({
    status: 7,
    signal: null,
    stdout: 'closed\n',
    stderr: '',
  });
});
