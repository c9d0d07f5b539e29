/** The GitHub Action: its steps as a runner runs them, against a real server; what it writes for people and for later steps. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { validateAction } from '@action-validator/core';
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomPicture } from '../../packages/overseed/src/util/random-picture.ts';
import { type CliProject, makeProject } from '../support/cli-project.ts';
import { execute, query } from '../support/dump.ts';
import { readAction, runAction, type StepOptions } from './runner.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Names that would do harm wherever they were taken for something else. */
const HOSTILE = `a|b <img src=x> $(touch pwned) \`touch pwned\` "'; ::error::x`;

let cloud: LocalCloud;
let project: CliProject;
beforeAll(async () => {
  cloud = await startLocalCloud();
  await execute(
    cloud.database,
    'CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, photo TEXT, url TEXT)',
    `CREATE TABLE "${HOSTILE.replaceAll('"', '""')}" (id INTEGER PRIMARY KEY)`,
    "INSERT INTO products VALUES (1, 'Old', NULL, NULL), (9, 'Gone', NULL, NULL)",
  );
  project = await makeProject({
    'overseed.config.json': JSON.stringify({
      source: 'rows.mjs',
      targets: { production: { protected: true } },
      assets: { tables: { products: { from: 'images', path: 'photo', url: 'url' } } },
    }),
    'rows.mjs': `export default { products: [{ id: 1, name: 'Chair', photo: 'chair.png' }, { id: 2, name: 'Table' }],
      [${JSON.stringify(HOSTILE)}]: [{ id: 1 }] };\nconsole.log('::error::from the seed');`,
    'images/chair.png': randomPicture({ width: 4, height: 4 }),
  });
});
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await cloud.stop();
});

const reader = () => ({ ...writer(), TURSO_AUTH_TOKEN: cloud.database.readOnlyToken });
const writer = () => ({
  TURSO_DATABASE_URL: cloud.database.url,
  TURSO_AUTH_TOKEN: cloud.database.token,
  ...Object.fromEntries(Object.entries(cloud.env).filter(([name]) => name.startsWith('CLOUDINARY_'))),
});

const run = (inputs: StepOptions['inputs'], env: StepOptions['env'] = {}, folder = ROOT) =>
  runAction(folder, { cwd: project.folder, inputs, env });
const rowsOnServer = () => query(cloud.database, 'SELECT id, name FROM products ORDER BY id');

describe('a plan, with a token that may only read and no key to Cloudinary, then the push of it', () => {
  const planFile = 'plan "of\' $(touch pwned).json';

  test('the plan shows by table what would change, and changes nothing', async () => {
    const before = await rowsOnServer();
    const env = {
      ...reader(),
      CLOUDINARY_URL: '',
      CLOUDINARY_API_KEY: 'none',
      CLOUDINARY_API_SECRET: 'none',
    };
    const planned = await run({ targets: 'production', 'plan-file': planFile }, env);
    expect(planned.stderr).toBe('');
    expect(planned.outputs).toEqual({
      ...{ status: 'changes', 'exit-code': '0', inserts: '2', updates: '1', deletes: '1', uploads: '1' },
      'plan-file': planFile,
    });
    expect(planned.exitCode).toBe(0);
    expect(await rowsOnServer()).toEqual(before);
    expect(cloud.cloudinary.assets()).toEqual([]);

    expect(planned.summary).toContain('### Overseed plan: production: changes');
    expect(planned.summary).toMatch(
      /\| <code>products<\/code> \| 1 \| 1 \| 1 \| · \| .*<code>name<\/code> \(1\)/,
    );
    expect(planned.summary).toContain('**1 row goes away.**');
    expect(planned.summary).toContain('1 to store');
    // A name from the data is a name: no cell, no tag, no command to the runner.
    const hostileLine = planned.summary.split('\n').find((line) => line.includes('touch pwned'));
    expect(hostileLine?.match(/(?<!\\)\|/g)).toHaveLength(7);
    expect(planned.summary).not.toContain('<img');
    expect(planned.stdout).not.toMatch(/^\s*::/m);
    expect(planned.stdout).toContain('| ::error::from the seed');
  });

  test('the push does exactly that, and a plan after it finds nothing', async () => {
    const options = { command: 'push', targets: 'production', confirm: 'production' };
    const withoutForce = await run(options, writer());
    expect(withoutForce).toMatchObject({ exitCode: 3, outputs: { status: 'refused', 'exit-code': '3' } });
    expect(withoutForce.summary).toContain('holds data');
    const few = await run({ ...options, force: 'true', 'max-deletes': '0' }, writer());
    expect(few).toMatchObject({ exitCode: 3, outputs: { status: 'refused' } });

    const pushed = await run({ ...options, force: 'true', 'plan-file': planFile }, writer());
    expect(pushed).toMatchObject({ exitCode: 0, outputs: { status: 'applied', inserts: '2', uploads: '1' } });
    expect(pushed.summary).toContain('Compared afterwards: 3 rows equal, 1 file asked for.');
    expect(await rowsOnServer()).toEqual([
      { id: 1n, name: 'Chair' },
      { id: 2n, name: 'Table' },
    ]);
    expect(cloud.cloudinary.assets()).toHaveLength(1);

    const again = await run({ targets: 'production' }, reader());
    expect(again).toMatchObject({
      exitCode: 0,
      outputs: { status: 'unchanged', inserts: '0', uploads: '0' },
    });
    expect(again.summary).toContain('No row differs.');
  });

  test('verify says what differs, as annotations and in the summary', async () => {
    const equal = await run({ command: 'verify', targets: 'production', arguments: '--assets' }, reader());
    expect(equal).toMatchObject({ exitCode: 0, outputs: { status: 'equal' } });
    await execute(cloud.database, "UPDATE products SET name = 'by hand' WHERE id = 2");
    const different = await run({ command: 'verify', targets: 'production' }, reader());
    expect(different).toMatchObject({ exitCode: 1, outputs: { status: 'different', 'exit-code': '1' } });
    expect(different.stdout).toMatch(/^::error title=/m);
    expect(different.summary).toContain('✘');
  });

  test('a push with a token that may only read fails with its reason, and shows no secret', async () => {
    const failed = await run(
      { command: 'push', targets: 'production', force: 'true', confirm: 'production' },
      reader(),
    );
    expect(failed).toMatchObject({ exitCode: 1, outputs: { status: 'failed', 'exit-code': '1' } });
    expect(failed.stdout).toMatch(/^::error title=Overseed%3A TARGET_/m);
    expect(failed.summary).toMatch(/read/);
    const everything = failed.stdout + failed.stderr + failed.summary;
    expect(everything).not.toContain(cloud.database.readOnlyToken);
    expect(await query(cloud.database, 'SELECT name FROM products WHERE id = 2')).toEqual([
      { name: 'by hand' },
    ]);
  });
});

test.each<[string, StepOptions['inputs'], RegExp]>([
  ['an unknown command', { command: 'plan; touch pwned' }, /command must be plan, push or verify/],
  ['a target that is a flag', { targets: 'production\n--force' }, /targets has "--force"/],
  ['an argument that is no flag', { arguments: '--columns\n$(touch pwned)' }, /arguments has/],
  ['force for a plan', { force: 'true' }, /force is for push/],
  ['force that is no yes', { command: 'push', force: 'yes' }, /force must be 'true' or 'false'/],
  ['a folder that is not there', { 'working-directory': 'no "such\nfolder' }, /does not exist/],
  ['a target that nobody knows', { targets: HOSTILE }, /is not a target|no target/],
  ['a flag that nobody knows', { arguments: '--colums' }, /did you mean --columns/],
])('%s is refused by name, with exit code 4', async (_, inputs, message) => {
  const result = await run(inputs, writer());
  expect(result.stdout).toMatch(message);
  expect(result).toMatchObject({ exitCode: 4, outputs: { status: 'failed', 'exit-code': '4' } });
});

test('nothing in an input was ever run by a shell', async () => {
  expect(await readdir(project.folder)).not.toContain('pwned');
});

test('without Overseed in the project, it says which step is missing', async () => {
  const result = await run({ 'working-directory': '/' });
  expect(result.exitCode).toBe(4);
  expect(result.stdout).toContain('Overseed is not installed in /. Install the project');
});

describe.each([
  ['the repository', ROOT],
  ['the package', path.join(ROOT, 'packages/overseed/action')],
])('action.yml of %s', (_, folder) => {
  test('is what GitHub accepts, puts no input into a script, and passes every input on', async () => {
    expect(validateAction(await readFile(path.join(folder, 'action.yml'), 'utf8')).errors).toEqual([]);
    const { inputs, outputs, runs } = await readAction(folder);
    for (const { run: script } of runs.steps) expect(script).not.toContain('${{');
    const passedOn = runs.steps.flatMap(({ env }) => Object.values(env));
    expect(passedOn.toSorted()).toEqual(
      Object.keys(inputs)
        .map((name) => `\${{ inputs.${name} }}`)
        .toSorted(),
    );
    const values = Object.entries(outputs).map(([name, { value }]) => [name, value]);
    expect(values).toEqual(Object.keys(outputs).map((name) => [name, `\${{ steps.run.outputs.${name} }}`]));
  });

  test('finds its script', async () => {
    const result = await run({ targets: 'production', summary: 'false' }, reader(), folder);
    expect(result).toMatchObject({ exitCode: 0, summary: '' });
  });
});
