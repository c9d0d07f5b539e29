/** The store in docs/stores.md keeps the contract, with nothing but the packages as they are built. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

test('the example of the documentation runs, and passes, with Node’s own test runner', async () => {
  const page = await readFile(path.join(ROOT, 'docs/stores.md'), 'utf8');
  const code = /<!-- tested by .*?-->\s*```ts\n([\s\S]*?)```/.exec(page)?.[1];
  if (code === undefined) throw new Error('docs/stores.md has lost its example');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-own-store-'));
  try {
    await mkdir(path.join(folder, 'node_modules'));
    await symlink(path.join(ROOT, 'packages/overseed'), path.join(folder, 'node_modules/overseed'));
    await symlink(path.join(ROOT, 'node_modules/@types'), path.join(folder, 'node_modules/@types'));
    await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(path.join(folder, 'own-store.test.ts'), code);
    const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
    const options = '--noEmit --strict --module nodenext --target es2023 --types node --skipLibCheck';
    const checked = await runCommand(tsc, [...options.split(' '), 'own-store.test.ts'], {
      cwd: folder,
      timeoutMs: 60_000,
    });
    expect(checked).toMatchObject({ exitCode: 0, stdout: '' });
    const { exitCode, stdout } = await runCommand(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--test', '--test-reporter=tap', 'own-store.test.ts'],
      { cwd: folder, timeoutMs: 60_000, env: { NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined } },
    );
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(15);
    expect(exitCode).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
