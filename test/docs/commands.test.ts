/** What the documents tell people to type is understood: commands exist, flags are known, each is where it belongs. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../packages/overseed/src/cli/commands/index.ts';
import { readCall } from '../../packages/overseed/src/cli/read-call.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FILES = [
  'README.md',
  'packages/overseed/README.md',
  ...(await readdir(path.join(ROOT, 'docs'), { recursive: true })).map((file) => `docs/${file}`),
].filter((file) => file.endsWith('.md'));

/** In blocks of a shell and in `code`: `overseed …`, up to a comment, a pipe or the next command. */
async function commandsIn(file: string): Promise<string[]> {
  const text = await readFile(path.join(ROOT, file), 'utf8');
  const blocks = [...text.matchAll(/^```(?:sh|yaml|text)\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  const inline = [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, code = '']) => code,
  );
  const calls = [...blocks.flatMap((block) => block.split('\n')), ...inline].flatMap((line) => {
    const [, call] =
      /^(?:- run: |\$ |\s*run: )?(?:npx |pnpm |yarn )?overseed ([a-z][^#|&(){}]*?)\s*(?:#|\||&|$)/.exec(
        line,
      ) ?? [];
    return call === undefined ? [] : [call];
  });
  // `overseed <command> [target]` and the like say how calls look.
  return calls.filter((call) => !/[[\]<>…]/.test(call));
}

const calls = (
  await Promise.all(FILES.map(async (file) => (await commandsIn(file)).map((call) => ({ file, call }))))
).flat();

test('the documents are full of commands', () => {
  expect(calls.length).toBeGreaterThan(40);
});

test.each([...new Map(calls.map((each) => [each.call, each])).values()])(
  'overseed $call ($file)',
  ({ call }) => {
    const [name, ...args] = call.split(/\s+/);
    const command = COMMANDS.find((candidate) => candidate.name === name);
    if (name === 'help') return;
    if (command === undefined) throw new Error(`There is no command ${name}.`);
    expect(() => readCall(command, args)).not.toThrow();
  },
);
