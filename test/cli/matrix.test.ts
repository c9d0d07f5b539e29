/**
 * Every command in every situation: good, as JSON, with a bad flag, without a configuration, with a bad one, with nobody
 * there to answer, and interrupted. Exit code and message, from the real command in a process of its own.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../packages/overseed/src/cli/commands/index.ts';
import { type CliProject, type CliResult, eventsOf, makeProject } from '../support/cli-project.ts';
import { expectFailure, messageOf } from '../support/output.ts';
import { startSilentServer } from '../support/silent-server.ts';

const SCHEMA = 'CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL)';
const OLD_ROW = "INSERT INTO posts VALUES (9, 'old')";
const SEED = `export default { posts: [{ id: 1, title: 'Hello' }, { id: 2, title: 'World' }] };`;
/** Rows that never come. */
const HANGING = `export default { posts: async function* () { console.error('waiting'); await new Promise(() => setInterval(() => {}, 1000)); yield {}; } };`;
const config = (more: object = {}) =>
  JSON.stringify({ source: 'seed.mjs', targets: { local: { url: 'file:local.db' } }, ...more });

interface Row {
  /** What stands after the command where it is good. */
  readonly args: string;
  /** The target and what is on disk, before. */
  readonly before: 'empty' | 'data' | 'pushed';
  readonly exitCode?: number;
  readonly says: RegExp;
  /** Kinds of the events it ends with. */
  readonly events: readonly string[];
  readonly needsConfig: boolean;
  /** Where nobody can answer: exit code and words. */
  readonly nobody?: { readonly args: string; readonly exitCode: number; readonly says: string };
  /** How it is made to wait; undefined when it never does. */
  readonly hangs?: 'source' | 'target';
}

const ROWS: Readonly<Record<string, Row>> = {
  doctor: {
    args: '',
    before: 'empty',
    says: /✔ schema +1 table as seed\.mjs expects/,
    events: ['finding', 'checks-finished'],
    needsConfig: true,
    hangs: 'target',
  },
  plan: {
    args: '',
    before: 'data',
    says: /posts +2 +· +1 +·/,
    events: ['plan-made', 'run-finished'],
    needsConfig: true,
    hangs: 'source',
  },
  push: {
    args: '--force',
    before: 'data',
    says: /^Done in .*\n[\s\S]*undo +npx overseed undo local --force/m,
    events: ['stage-finished', 'run-finished'],
    needsConfig: true,
    nobody: { args: '', exitCode: 3, says: 'Nothing was changed: local.db already holds data.' },
    hangs: 'source',
  },
  verify: {
    args: '',
    before: 'pushed',
    says: /✔ equality +every row is exactly what seed\.mjs says/,
    events: ['finding', 'checks-finished'],
    needsConfig: true,
    hangs: 'source',
  },
  undo: {
    args: '--force',
    before: 'pushed',
    says: /^Done in/m,
    events: ['stage-finished', 'run-finished'],
    needsConfig: true,
    nobody: { args: '', exitCode: 3, says: 'Nothing was changed: local.db already holds data.' },
    hangs: 'target',
  },
  restore: {
    args: 'BACKUP --force',
    before: 'pushed',
    says: /^Done in/m,
    events: ['stage-finished', 'run-finished'],
    needsConfig: true,
    nobody: { args: 'BACKUP', exitCode: 3, says: 'Nothing was changed: local.db already holds data.' },
    hangs: 'target',
  },
  history: {
    args: '',
    before: 'pushed',
    says: /run +insert +update[\s\S]*seed\.mjs/,
    events: ['recorded-run'],
    needsConfig: true,
    hangs: 'target',
  },
  backup: {
    args: '',
    before: 'data',
    says: /Done: local is in \.overseed\/backups\/local\.db\/\S+\.asked\.db\.\n[\s\S]*put it back/,
    events: ['stage-finished', 'backed-up'],
    needsConfig: true,
    hangs: 'target',
  },
  pull: {
    args: '--out copy.db',
    before: 'data',
    says: /Done: local is in copy\.db\./,
    events: ['stage-finished', 'pulled'],
    needsConfig: true,
    hangs: 'target',
  },
  prune: {
    args: '',
    before: 'data',
    says: /There is nothing to remove\./,
    events: ['prune-planned'],
    needsConfig: true,
    hangs: 'target',
  },
  init: {
    args: '',
    before: 'empty',
    says: /Found a SQLite file; wrote overseed\.config\.mjs/,
    events: ['initialized'],
    needsConfig: false,
  },
  dev: {
    args: '',
    before: 'empty',
    exitCode: 130,
    says: /A Turso and a Cloudinary run on this machine/,
    events: ['cloud-started', 'cloud-stopped'],
    needsConfig: false,
  },
  completion: {
    args: 'bash',
    before: 'empty',
    says: /complete -o filenames -F _overseed overseed/,
    events: [],
    needsConfig: false,
  },
};

test('every command has a row here', () => {
  expect(COMMANDS.map(({ name }) => name).sort()).toEqual(Object.keys(ROWS).sort());
});

describe.concurrent.each(Object.entries(ROWS))('%s', (name, row) => {
  const usage = COMMANDS.find((command) => command.name === name)?.positionals;
  /** Words that are missing are a bad call of their own. */
  const words = row.args
    .split(' ')
    .slice(0, usage?.min ?? 0)
    .join(' ');

  async function prepared(
    files: Record<string, string> = {},
  ): Promise<CliProject & { args: (text: string) => string[] }> {
    const isBare = name === 'init';
    const project = await makeProject({
      ...(isBare ? {} : { 'overseed.config.json': config(), 'seed.mjs': SEED }),
      ...files,
    });
    project.sql('local.db', SCHEMA, ...(row.before === 'empty' ? [] : [OLD_ROW]));
    if (row.before === 'pushed') expect(await project.run('push --force')).toMatchObject({ exitCode: 0 });
    const [backup = ''] = row.before === 'pushed' ? await backupsOf(project) : [];
    const args = (text: string) =>
      [name, ...text.split(' ')].filter(Boolean).map((word) => (word === 'BACKUP' ? backup : word));
    return { ...project, args };
  }

  const options = name === 'dev' ? { interruptAt: 'CLOUDINARY_DELIVERY_PREFIX' } : {};

  test('good', async () => {
    await using project = await prepared();
    const { exitCode, stdout, stderr } = await project.run(project.args(row.args), options);
    expect({ exitCode, stderr }).toEqual({ exitCode: row.exitCode ?? 0, stderr: '' });
    expect(stdout).toMatch(row.says);
    expect(stdout).not.toMatch(/undefined|\[object/);
    expect(stdout).not.toContain('\u001b');
  });

  test('--json', async () => {
    await using project = await prepared();
    const result = await project.run([...project.args(row.args), '--json'], options);
    expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({
      exitCode: row.exitCode ?? 0,
      stderr: '',
    });
    if (name === 'completion') return;
    const events = eventsOf(result);
    for (const event of events) expect(event).toMatchObject({ formatVersion: 1, kind: expect.any(String) });
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.at(-1)).toBe(row.events.at(-1));
    expect(kinds).toEqual(expect.arrayContaining([...row.events]));
  });

  test('a bad flag', async () => {
    await using project = await prepared();
    const text = await project.run([...project.args(words), '--jsno']);
    expectFailure(text, {
      exitCode: 4,
      names: ['--jsno is not a known flag (did you mean --json?)', 'BAD_FLAG'],
    });
    const json = await project.run([...project.args(words), '--jsno', '--json']);
    expect(eventsOf(json)).toEqual([
      expect.objectContaining({
        formatVersion: 1,
        kind: 'run-failed',
        code: 'BAD_FLAG',
        exitCode: 4,
        state: 'not-contacted',
      }),
    ]);
  });

  const whenConfigured = row.needsConfig ? test : noTest;
  whenConfigured('no configuration', async () => {
    await using project = await makeProject();
    const result = await project.run([name, ...words.split(' ').filter(Boolean)]);
    expectFailure(result, {
      exitCode: 4,
      names: ['There is no overseed.config.ts', 'overseed init', 'CONFIG_INVALID'],
    });
  });

  whenConfigured('a bad configuration', async () => {
    await using project = await makeProject({ 'overseed.config.json': config({ sorce: 1 }) });
    const result = await project.run([name, ...words.split(' ').filter(Boolean)]);
    expectFailure(result, {
      exitCode: 4,
      names: ['overseed.config.json has 1 problem', 'sorce', '(did you mean "source"?)'],
    });
    const json = eventsOf(await project.run([name, ...words.split(' ').filter(Boolean), '--json']));
    expect(json).toEqual([expect.objectContaining({ kind: 'run-failed', code: 'CONFIG_INVALID' })]);
  });

  (row.nobody ? test : noTest)('nobody there to answer', async () => {
    const { args, exitCode, says } = row.nobody as NonNullable<Row['nobody']>;
    await using project = await prepared();
    const rows = project.rows('local.db', 'SELECT * FROM posts ORDER BY id');
    const result = await project.run(project.args(args), { input: 'yes\nlocal\n' });
    expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode, stderr: '' });
    expect(result.stdout).toContain(says);
    await project.write({
      'overseed.config.json': config({ targets: { local: { url: 'file:local.db', protected: true } } }),
    });
    const shielded = await project.run([...project.args(args), '--force'], { input: 'local\n' });
    expect(shielded.exitCode).toBe(3);
    expect(shielded.stdout).toContain('local is protected, and its name was not given');
    const wrong = await project.run([...project.args(args), '--force', '--confirm', 'lokal']);
    expect(wrong.exitCode).toBe(3);
    expect(project.rows('local.db', 'SELECT * FROM posts ORDER BY id')).toEqual(rows);
    expect(await project.run([...project.args(args), '--force', '--confirm', 'local'])).toMatchObject({
      exitCode: 0,
    });
  });

  (row.hangs ? test : noTest)('interrupted', async () => {
    await using project = await prepared(
      row.hangs === 'source' && row.before !== 'pushed' ? { 'seed.mjs': HANGING } : {},
    );
    await using server = await startSilentServer();
    let result: CliResult;
    if (row.hangs === 'source') {
      await project.write({ 'seed.mjs': HANGING });
      result = await project.run(project.args(row.args), { interruptAt: 'waiting' });
      expect(result.stderr.replace('waiting\n', '')).toContain('✘ Stopped before anything was applied.');
    } else {
      await project.write({ 'overseed.config.json': config({ targets: { local: { url: server.url } } }) });
      result = await project.run(project.args(row.args), { interruptAt: server.nextRequest() });
      expect(messageOf(result)).toContain('✘ Stopped before anything was applied.');
    }
    expect(result.exitCode).toBe(130);
    expect(result.stderr).toContain('(INTERRUPTED)');
  });
});

/** For a situation that a command cannot be in. It is not skipped: there is nothing to promise. */
function noTest(_name: string, _work: () => Promise<void>): void {}

async function backupsOf(project: CliProject): Promise<string[]> {
  const folder = path.join('.overseed', 'backups', 'local.db');
  const names = await readdir(path.join(project.folder, folder));
  return names.filter((name) => name.endsWith('.db')).map((name) => path.join(folder, name));
}
