import { expect, test } from 'vitest';
import { environmentFor } from './environment.mjs';
import { installFailure } from './failure.mjs';
import { capture } from './process.mjs';
import { runsOurScripts } from './toolchain.mjs';

test.each([
  ['18.20.8', false],
  ['20.20.2', false],
  ['22.12.0', false],
  ['22.18.0', true],
  ['23.11.0', false],
  ['24.0.0', true],
  ['26.10.0', true],
])('Node %s runs the scripts: %s', (version, expected) => {
  expect(runsOurScripts(version)).toBe(expected);
});

test('what the outer npm set does not reach the inner package managers; network settings do', () => {
  const outer = {
    PATH: '/bin',
    npm_config_local_prefix: '/elsewhere',
    npm_config_prefix: '/usr',
    npm_lifecycle_event: 'demo',
    npm_config_registry: 'http://127.0.0.1:4873',
    NODE_ENV: 'production',
    HOME: '/home/ana',
  };
  expect(environmentFor(['/tools'], outer)).toEqual({
    PATH: '/tools:/bin',
    npm_config_registry: 'http://127.0.0.1:4873',
    HOME: '/home/ana',
    ASTRO_TELEMETRY_DISABLED: '1',
    COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  });
});

test.each([
  'npm error code ENOTFOUND',
  'npm error network request to http://127.0.0.1:9/pnpm failed',
  ' WARN  GET http://127.0.0.1:9/zod.tgz error (ECONNREFUSED). Will retry in 2 seconds.',
])('an unreachable registry is called by its name: %s', (output) => {
  expect(installFailure('pnpm', `first line\n${output}`).message).toContain(
    'the package registry could not be reached',
  );
});

test('any other failure shows the end of what was printed, and the remedy', () => {
  const { message } = installFailure(
    'pnpm',
    'npm error code EACCES\nnpm error permission denied',
    'Do this.',
  );
  expect(message).toContain('permission denied');
  expect(message).toContain('Installing pnpm failed.\nDo this.');
});

test('a command that does not exist is exit code 127, at once', async () => {
  const startedAt = Date.now();
  const { exitCode } = await capture('no-such-command', [], { env: process.env, timeoutMs: 20_000 });
  expect(exitCode).toBe(127);
  expect(Date.now() - startedAt).toBeLessThan(5_000);
});
