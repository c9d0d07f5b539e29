/** Only an explicit yes is yes. Asked on a real terminal, and where there is none. */
import { platform } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type CliProject, makeProject } from '../support/cli-project.ts';
import { onTerminal, type Reply } from '../support/pseudo-terminal.ts';
import { cleanEnvironment } from '../support/site.ts';

const BIN = path.resolve(import.meta.dirname, '../../packages/overseed/bin/overseed.js');
const OLD = [[9n, 'old']];
const NEW = [[1n, 'new']];
const QUESTION = 'Type yes to go on: ';
const NAME = 'Type safe to go on: ';

async function shop(): Promise<CliProject> {
  const project = await makeProject({
    'overseed.config.json': JSON.stringify({
      source: 'data',
      targets: {
        local: { url: 'file:local.db' },
        safe: { url: 'file:local.db', protected: true },
        empty: { url: 'file:empty.db' },
      },
    }),
    'data/posts.csv': 'id,title\n1,new\n',
  });
  const schema = 'CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT)';
  project.sql('local.db', schema, "INSERT INTO posts VALUES (9, 'old')");
  project.sql('empty.db', schema);
  return project;
}

const rowsOf = (project: CliProject) => project.rows('local.db', 'SELECT id, title FROM posts');
const CTRL_C = String.fromCharCode(3);
const CTRL_D = String.fromCharCode(4);
const ESCAPE = String.fromCharCode(27);

describe.runIf(platform() === 'linux')('on a terminal', () => {
  const ask = (project: CliProject, args: string, replies: readonly Reply[]) =>
    onTerminal([process.execPath, BIN, ...args.split(' ')], {
      cwd: project.folder,
      env: { ...process.env, ...cleanEnvironment() },
      replies,
    });

  test.concurrent.each<[string, string, string, number, string]>([
    ['yes', 'push', 'yes\r', 0, 'Done in'],
    ['yes, with spaces', 'push', ' yes \r', 0, 'Done in'],
    ['the name of a protected target', 'push safe', 'safe\r', 0, 'Done in'],
    ['y', 'push', 'y\r', 3, 'the answer was not yes'],
    ['YES', 'push', 'YES\r', 3, 'the answer was not yes'],
    ['nothing', 'push', '\r', 3, 'the answer was not yes'],
    ['Escape', 'push', ESCAPE, 3, 'the answer was not yes'],
    ['the end of the input', 'push', CTRL_D, 3, 'the answer was not yes'],
    ['Ctrl-C', 'push', CTRL_C, 130, 'Stopped before anything was applied'],
    ['yes instead of the name', 'push safe', 'yes\r', 3, 'safe is protected'],
    ['the name of another target', 'push safe', 'local\r', 3, 'safe is protected'],
    ['the name, after --force and --yes', 'push safe --force --yes', '\r', 3, 'safe is protected'],
  ])('%s', async (_, args, typed, exitCode, words) => {
    await using project = await shop();
    const asked = args.includes('safe') ? NAME : QUESTION;
    const session = await ask(project, args, [[asked, typed]]);
    expect(session.screen).toMatch(/deleted +1 row of posts/);
    expect(session.screen.indexOf('deleted')).toBeLessThan(session.screen.indexOf(asked));
    expect(session.screen).toContain(words);
    expect(session.exitCode).toBe(exitCode);
    expect(rowsOf(project)).toEqual(exitCode === 0 ? NEW : OLD);
  });

  test('nothing is asked where there is nothing to lose, or when it was said before', async () => {
    await using project = await shop();
    expect(await ask(project, 'push empty', [])).toMatchObject({ exitCode: 0 });
    const pushed = await ask(project, 'push local --force', []);
    expect(pushed).toMatchObject({ exitCode: 0, screen: expect.not.stringContaining('Type') });
    expect(rowsOf(project)).toEqual(NEW);
  });
});

describe('without a terminal', () => {
  let project: CliProject;
  beforeEach(async () => {
    project = await shop();
    return () => project[Symbol.asyncDispose]();
  });

  test.each([
    ['push', 3],
    ['push --yes', 3],
    ['push --force', 0],
    ['push --force --max-deletes 0', 3],
    ['push --force --max-deletes 1', 0],
    ['push safe --force', 3],
    ['push safe --force --yes', 3],
    ['push safe --confirm safe', 3],
    ['push safe --force --confirm local', 3],
    ['push safe --force --confirm safe', 0],
    ['push safe --force --confirm local,safe', 0],
    ['push empty', 0],
  ])('`%s` ends with %i', async (args, exitCode) => {
    const result = await project.run(args, { input: 'yes\nsafe\n' });
    expect(result.exitCode).toBe(exitCode);
    if (!args.includes('empty')) expect(rowsOf(project)).toEqual(exitCode === 0 ? NEW : OLD);
  });

  test('--yes goes on where rows are only added or changed', async () => {
    await project.write({ 'data/posts.csv': 'id,title\n1,new\n9,newer\n' });
    expect(await project.run('push')).toMatchObject({ exitCode: 3 });
    expect(await project.run('push --yes')).toMatchObject({ exitCode: 0 });
    expect(rowsOf(project)).toEqual([
      [1n, 'new'],
      [9n, 'newer'],
    ]);
  });
});
