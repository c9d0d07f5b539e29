/**
 * What people read, at 80 columns and without colour, in files beside this one that somebody has looked at. Times, run IDs,
 * ports and folders are replaced by others of the same length, so that columns stay where they are.
 */
import path from 'node:path';
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { png } from '../../packages/local-cloud/src/testing/png.ts';
import { COMMANDS } from '../../packages/overseed/src/cli/commands/index.ts';
import { commandHelp, overviewHelp } from '../../packages/overseed/src/cli/help.ts';
import { type CliOptions, type CliProject, type CliResult, makeProject } from '../support/cli-project.ts';
import { execute } from '../support/dump.ts';
import { freePort } from '../support/free-port.ts';

const SCHEMA = [
  `CREATE TABLE homes (id TEXT PRIMARY KEY, title TEXT NOT NULL, price REAL CHECK (price > 0), rooms INTEGER,
    photo TEXT, photoUrl TEXT, photoId TEXT, stored BOOLEAN)`,
  'CREATE TABLE visits (home TEXT NOT NULL REFERENCES homes(id), day TEXT NOT NULL)',
];
const HOMES = [
  { id: 'h1', title: 'Villa', price: 350000, rooms: 5, photo: 'villa.png' },
  { id: 'h2', title: 'Ático', price: 199999.5, rooms: 2, photo: 'atico.png' },
  { id: 'h3', title: 'Cortijo', price: 120000, rooms: null, photo: null },
];
const VISITS = 'home,day\nh1,2026-01-31\nh2,2026-02-01\n';
const ndjson = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const CONFIG = {
  source: 'data',
  targets: {
    local: { url: 'file:local.db' },
    production: { protected: true },
    broken: { urlVariable: 'NOBODY_URL' },
    fleet: ['local', 'production', 'broken'],
  },
  expect: { homes: 3 },
  assets: {
    store: { kind: 'auto', prefix: 'site' },
    tables: {
      homes: { from: 'images', path: 'photo', url: 'photoUrl', publicId: 'photoId', done: 'stored' },
    },
  },
};

let cloud: LocalCloud;
/** Where no server listens. */
let nobody: number;
let project: CliProject;

beforeAll(async () => {
  cloud = await startLocalCloud();
  nobody = await freePort();
  const variables = Object.entries(cloud.env).map(([name, value]) => `${name}=${value}\n`);
  project = await makeProject({
    'overseed.config.json': JSON.stringify(CONFIG),
    'data/homes.ndjson': ndjson(HOMES),
    'data/visits.csv': VISITS,
    'images/villa.png': png('villa', { width: 3, height: 2 }),
    'images/atico.png': png('atico', { width: 2, height: 3 }),
    '.env.production': variables.join(''),
    '.env.broken': `NOBODY_URL=http://127.0.0.1:${nobody}\n`,
  });
  project.sql('local.db', ...SCHEMA);
  await execute(cloud.database, ...SCHEMA);
});
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await cloud.stop();
});

/** Runs commands one after the other, and compares all that they say with the file `name`. */
async function says(name: string, ...calls: readonly (string | [string, CliOptions])[]): Promise<void> {
  const parts: string[] = [];
  for (const call of calls) {
    const [args, options] = typeof call === 'string' ? [call, {}] : call;
    const result = await project.run(args, options);
    parts.push(`$ overseed ${args}\n${result.stdout}${result.stderr}(exit code ${result.exitCode})\n`);
    // Paths of backups and URLs are there to be copied: they are not broken.
    for (const line of (result.stdout + result.stderr).split('\n'))
      if (!/\.overseed|^::|https?:/.test(line)) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(secretsIn(result)).toEqual([]);
  }
  await expect(inOrder(steady(parts.join('\n')))).toMatchFileSnapshot(
    path.join(import.meta.dirname, 'output', `${name}.txt`),
  );
}

function secretsIn({ stdout, stderr }: CliResult): string[] {
  const { TURSO_AUTH_TOKEN = '', CLOUDINARY_API_SECRET = '' } = cloud.env;
  return [TURSO_AUTH_TOKEN, CLOUDINARY_API_SECRET].filter((secret) => (stdout + stderr).includes(secret));
}

/** Targets of a fleet end in any order. */
function inOrder(text: string): string {
  const [head = '', ...blocks] = text.split(/^(?=Overseed {2})/m);
  const [summary = '', ...rest] = (blocks.at(-1) ?? '').split(/^(?=\d of \d targets)/m);
  if (rest.length === 0) return text;
  return [head, ...[...blocks.slice(0, -1), summary].sort(), ...rest].join('');
}

function steady(text: string): string {
  return (
    text
      .replaceAll(`127.0.0.1:${cloud.database.port}`, 'db.example')
      .replaceAll(`127.0.0.1:${cloud.cloudinary.port}`, 'media.example')
      .replaceAll(project.folder, '/home/ana/shop')
      .replaceAll(`127.0.0.1_${cloud.database.port}`, 'db.example')
      .replaceAll(`127.0.0.1:${nobody}`, 'nobody.example')
      .replaceAll(/\d{8}-\d{6}-[0-9a-f]{6}/g, '20260131-154500-9f3a61')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '2026-01-31 15:45')
      .replaceAll(/ *\d+\.\d s/g, (time) => '0.0 s'.padStart(time.length))
      .replaceAll(/then .* of .*B$/gm, 'then 1 GB of 2 GB')
      .replaceAll(/ETag [0-9a-f]{32}/g, 'ETag 90d0807e4467d938b00fd02d5adcc659')
      .replaceAll(/answers in \d+ ms/g, 'answers in 1 ms')
      .replaceAll(/(times +).*(\n {12}.*)*/g, '$1build 0.0 s, upload 0.0 s')
      .replaceAll(/^( +✔ node +).*/gm, '$124.0.0')
      // Both sides are gathered at once: either may be ready first.
      .replaceAll(/^( +✔ pull .*\n)( +✔ build .*\n)/gm, '$2$1')
      .replaceAll(/\n\n( +✔ pull .*\n)?\n?(?=✘)/g, '\n\n')
  );
}

describe('in the life of a project', () => {
  test('doctor', () => says('doctor', 'doctor local', 'doctor production', 'doctor broken'));

  test('plan and push to an empty target', () =>
    says('first-push', 'plan production', 'push production', 'push production --confirm production'));

  test('nothing to do, and a proof of it', () => says('unchanged', 'push production', 'verify production'));

  test('somebody changed things', async () => {
    await execute(
      cloud.database,
      "UPDATE homes SET title='Villa!', price=1 WHERE id='h1'",
      "INSERT INTO homes (id, title) VALUES ('h9', 'Cueva')",
      'DELETE FROM visits',
    );
    await says(
      'replace',
      'verify production',
      'push production --confirm production',
      'push production --confirm production --yes --max-deletes 0',
      'push production --force --confirm production --columns',
      'history production',
      'undo production --force --confirm production',
      'backup production',
    );
  });

  test('in GitHub Actions', async () => {
    await execute(cloud.database, "UPDATE homes SET title='Villa?' WHERE id='h1'");
    await says(
      'github',
      ['push production --force --confirm production --columns', { env: { GITHUB_ACTIONS: 'true' } }],
      ['plan broken', { env: { GITHUB_ACTIONS: 'true' } }],
    );
  });

  test('a fleet', () => says('fleet', 'push fleet --force --confirm production'));

  test('--quiet says nothing, unless it fails', () =>
    says('quiet', 'push local --quiet', 'push broken --quiet'));
});

test('bad input', async () => {
  await project.write({
    'data/homes.ndjson': ndjson([
      ...HOMES.slice(0, 1),
      { id: 'h1', title: 'Twice', price: 1 },
      { id: 'h4', title: 'Free', price: 0, rooms: 'many', photo: 'nowhere.png' },
      { id: 'h5', price: 2, garden: true },
    ]),
    'data/visits.csv': 'home,day\nh1,2026-01-31\nh7,2026-02-01\nh1\n',
  });
  await says('bad-input', 'push local', 'push local --source visits.csv', 'push local --source -');
  await project.write({ 'data/homes.ndjson': ndjson(HOMES), 'data/visits.csv': VISITS });
});

test('bad calls and bad configurations', async () => {
  await project.write({
    'bad.json': JSON.stringify({
      source: 'data/homes.ndjson',
      targets: { prod: { url: 'libsql://a.turso.io?authToken=x', protcted: true }, 'a b': 7 },
      assets: { tables: { homes: { from: 'images', path: 'photo' } } },
    }),
    'names.json': JSON.stringify({
      ...CONFIG,
      tables: { include: ['homes', 'visit'] },
      expect: { hommes: 3 },
    }),
  });
  await says(
    'bad-calls',
    'psuh local',
    'push locl',
    'push --max-deletes few',
    'push --strategy fast',
    'restore',
    'plan local --config bad.json',
    'plan local --config names.json',
    'plan local --config nowhere.json',
    'plan local --env nowhere.env',
  );
});

test('help fits a screen, with an example', async () => {
  const pages = [overviewHelp(COMMANDS), ...COMMANDS.map((command) => commandHelp(command))];
  for (const [index, page] of pages.entries()) {
    const lines = page.split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    if (index > 0) expect(page).toMatch(/^Examples?\n {2}overseed \S|^Examples?\n {2}source /m);
  }
  await expect(`${pages.join('\n\n\n')}\n`).toMatchFileSnapshot(
    path.join(import.meta.dirname, 'output', 'help.txt'),
  );
  expect(await project.run('--help')).toEqual({ exitCode: 0, stdout: `${pages[0]}\n`, stderr: '' });
  expect((await project.run('push --help')).stdout).toBe((await project.run('help push')).stdout);
});
