/** Help, version and completion begin at once because they load nothing but themselves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { makeProject } from '../support/cli-project.ts';

const ROOT = pathToFileURL(path.resolve(import.meta.dirname, '../..')).href;
const BIN = path.resolve(import.meta.dirname, '../../packages/overseed/bin/overseed.js');
const RECORDER = pathToFileURL(path.resolve(import.meta.dirname, '../support/record-modules.mjs')).href;
/** What is heavy, or leads to it: the engine, the adapters, parsers, the library itself. */
const HEAVY =
  /libsql|csv-parse|drizzle|image-size|\/dist\/(push|wire|project|copy)\.js|\/dist\/(source|target|sqlite|assets|steps)\//;

test.each(['--help', '--version', 'push --help', 'completion zsh'])('overseed %s', async (args) => {
  await using project = await makeProject();
  const file = path.join(project.folder, 'modules.txt');
  const result = await project.run(args, {
    env: { NODE_OPTIONS: `--import=${RECORDER}`, RECORDED_MODULES: file },
  });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  const modules = (await project.read('modules.txt')).trim().split('\n');
  expect(modules.some((url) => url.endsWith('/dist/cli/main.js'))).toBe(true);
  // The folder of the repository may have any name.
  const loaded = modules.map((url) => url.replace(ROOT, ''));
  expect(loaded.filter((url) => HEAVY.test(url))).toEqual([]);
  // About 1 ms each on an ordinary machine.
  expect(modules.length).toBeLessThan(50);
});

test('a reader that goes away early is no error', async () => {
  await using project = await makeProject();
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, [BIN, '--help'], { cwd: project.folder, stdio: [...stdio] });
  child.stdout?.destroy();
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [exitCode] = await once(child, 'close');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});
