/**
 * What a newcomer does, by the guide alone: the packed files are installed into a project that knows nothing of this
 * repository, with npm, pnpm and Yarn, and everything that `docs/getting-started.md` says is done there.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { startLocalCloud, startSqld } from 'local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import { ensureOtherNodes } from '../../scripts/bootstrap/other-nodes.mjs';
import { type DatabaseAddress, execute, query } from '../support/dump.ts';
import { runCommand } from '../support/run-command.ts';
import { readGuide, type Step } from './guide.ts';
import { npm, pnpm, yarn } from './managers.ts';
import { install, meetNewcomer, type Newcomer } from './newcomer.ts';
import { packPackages, type Tarballs } from './pack.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TABLE =
  'CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, photo TEXT, photo_url TEXT)';
const ROWS = "INSERT INTO products VALUES (1, 'Chair', 'chair.png', NULL), (2, 'Table', 'table.png', NULL)";
const AGREED = '--force --confirm production';

let tarballs: Tarballs;
let guide: ReadonlyMap<string, readonly Step[]>;
beforeAll(async () => {
  [tarballs, guide] = await Promise.all([packPackages(), readGuide()]);
});
afterAll(() => tarballs[Symbol.asyncDispose]());

async function newcomer(folder: string, manager: typeof npm, manifest: object): Promise<Newcomer> {
  const someone = await meetNewcomer(path.join(tarballs.folder, folder), manager);
  await someone.write('package.json', JSON.stringify({ private: true, ...manifest }));
  await someone.paint('chair.png');
  await someone.paint('table.png');
  return someone;
}

const productsOn = (server: DatabaseAddress) =>
  query(server, 'SELECT name, photo_url AS url FROM products ORDER BY id');

/** From "The first push" to "Take it back". @param change makes the chair a stool, and paints its picture anew */
async function pushAndUndo(
  someone: Newcomer,
  { env, server, change }: { env: string; server: DatabaseAddress; change: () => Promise<unknown> },
) {
  await someone.follow(guide.get('The first push'), { '.env.production': env });
  const first = await productsOn(server);
  expect(first.map(({ name }) => name)).toEqual(['Chair', 'Table']);
  // Exit code 2 would say that there is something to do.
  await someone.succeed('npx overseed plan production --detailed-exitcode');
  await change();
  const [push, verify] = await someone.follow(guide.get('Change something'));
  expect(push?.stdout).toMatch(/products +· +1 +· +1/);
  expect(verify?.stdout).toContain('2 rows');
  const second = await productsOn(server);
  expect(second).toEqual([{ name: 'Stool', url: expect.any(String) }, first[1]]);
  expect(second[0]?.url).not.toBe(first[0]?.url);
  const [, history] = await someone.follow(guide.get('Take it back'));
  expect(await productsOn(server)).toEqual(first);
  expect(history?.stdout.match(/\d{8}-\d{6}-\w+/g)).toHaveLength(3);
  return { first, second };
}

test('the guide was found, with commands in each part', () => {
  const parts = [
    'A project with Drizzle',
    'A SQLite file',
    'An Astro DB site',
    'The first push',
    'Take it back',
  ];
  for (const part of parts) expect(guide.get(part)?.length, part).toBeGreaterThan(1);
});

// A minute where the machine is free; most of it goes to package managers.
describe.concurrent('by the guide alone', { timeout: 400_000 }, () => {
  test('npm, in a project with Drizzle; the same folder on the other versions of Node', async () => {
    await using server = await startSqld();
    await execute(server, TABLE);
    const someone = await newcomer('drizzle', npm, {
      type: 'module',
      dependencies: { 'drizzle-orm': '0.45.4' },
    });
    await someone.write('tsconfig.json', '{}');
    await install(someone, [tarballs.overseed.file]);
    await someone.follow(guide.get('A project with Drizzle'));
    const { first } = await pushAndUndo(someone, {
      server,
      env: `TURSO_DATABASE_URL=${server.url}\nTURSO_AUTH_TOKEN=${server.token}\n`,
      change: async () => {
        const rows = await someone.read('src/db/rows.ts');
        await someone.write('src/db/rows.ts', rows.replace("'Chair'", "'Stool'"));
        await someone.paint('chair.png');
      },
    });
    // Without Cloudinary, pictures go where the site serves them: two chairs, one table.
    expect(first[0]?.url).toMatch(/^\/media\/chair-\w+\.png$/);
    expect(await readdir(path.join(someone.folder, 'public/media'))).toHaveLength(3);

    for (const { program, version } of await ensureOtherNodes()) {
      const bin = path.join(someone.folder, 'node_modules/overseed/bin/overseed.js');
      const overseed = (args: string) =>
        runCommand(program, [bin, ...args.split(' ')], { cwd: someone.folder, timeoutMs: 60_000 });
      for (const args of [`push production ${AGREED}`, 'verify production', `undo production ${AGREED}`]) {
        const result = await overseed(args);
        expect(result, `${version}: ${args}`).toMatchObject({ exitCode: 0, stderr: '' });
      }
      expect(await productsOn(server)).toEqual(first);
    }
    await expectTypes(someone);
  });

  test('pnpm, in an Astro DB site, with Cloudinary', async () => {
    await using cloud = await startLocalCloud();
    const { database: server } = cloud;
    const someone = await newcomer('astro', pnpm, {
      type: 'module',
      dependencies: { astro: '6.4.8', '@astrojs/db': '0.21.3' },
    });
    await someone.write('tsconfig.json', '{}');
    await someone.write(
      'astro.config.mjs',
      "import db from '@astrojs/db';\nexport default { integrations: [db()] };\n",
    );
    await install(someone, [tarballs.overseed.file]);
    await execute(server, TABLE.replace('photo TEXT', 'photo TEXT NOT NULL'));
    await someone.follow(guide.get('An Astro DB site'));
    const env = Object.entries(cloud.env)
      .filter(([name]) => /^(ASTRO|CLOUDINARY)_/.test(name))
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
    let picture: Buffer = Buffer.alloc(0);
    const { second } = await pushAndUndo(someone, {
      server,
      env,
      change: async () => {
        const seed = await someone.read('db/seed.ts');
        await someone.write('db/seed.ts', seed.replace("'Chair'", "'Stool'"));
        picture = await someone.paint('chair.png');
        const [refill] = guide.get('An Astro DB site')?.filter((step) => step.do === 'run') ?? [];
        await someone.follow(refill && [refill]);
      },
    });
    const delivered = await fetch(String(second[0]?.url));
    expect(Buffer.from(await delivered.arrayBuffer()).equals(picture)).toBe(true);
    expect(cloud.cloudinary.assets()).toHaveLength(3);
  });

  test('Yarn, with a bare SQLite file, against `overseed dev`', async () => {
    const someone = await newcomer('sqlite', yarn, {});
    await someone.write('yarn.lock', ''); // Its own project, whatever lies above it.
    using shop = new LocalDatabase(path.join(someone.folder, 'shop.db'));
    for (const statement of [TABLE, ROWS]) shop.exec(statement);
    await install(someone, [tarballs.overseed.file, tarballs.localCloud.file]);
    const ending = new AbortController();
    const cloud = someone.run('npx overseed dev --write-env .env.production', { signal: ending.signal });
    try {
      await expect
        .poll(() => someone.read('.env.production').catch(() => ''), { timeout: 30_000 })
        .toContain('TURSO_AUTH_TOKEN');
      const env = await someone.read('.env.production');
      const value = (name: string) => new RegExp(`^${name}="(.*)"$`, 'm').exec(env)?.[1] ?? '';
      const server = { url: value('TURSO_DATABASE_URL'), token: value('TURSO_AUTH_TOKEN') };
      await execute(server, TABLE);
      await someone.follow(guide.get('A SQLite file'));
      await pushAndUndo(someone, {
        server,
        env: env.replaceAll(/^CLOUDINARY_.*\n/gm, ''),
        change: async () => {
          shop.exec("UPDATE products SET name = 'Stool' WHERE id = 1");
          await someone.paint('chair.png');
          await someone.succeed('npx overseed plan production --out plan.json');
          expect(JSON.parse(await someone.read('plan.json'))).toMatchObject({ kind: 'overseed-plan' });
        },
      });
    } finally {
      ending.abort();
      await cloud;
    }
  });
});

/** Every entry is typed as strictly as TypeScript can be asked to, the declarations themselves included. */
async function expectTypes(someone: Newcomer): Promise<void> {
  await someone.write(
    'types.ts',
    `import { defineConfig, type UserConfig } from 'overseed';
import { defineSeed, rows } from 'overseed/astro';
import { useTursoVariables } from 'overseed/astro/turso-variables';
import { assetStoreContract } from 'overseed/testing';
import { deliveryUrl } from 'overseed/url';
export const config: UserConfig = defineConfig({ source: 'a.db', targets: {} });
export const all = [defineSeed, rows, useTursoVariables, assetStoreContract, deliveryUrl('')];
`,
  );
  await someone.write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        ...{ strict: true, noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true },
        ...{ module: 'NodeNext', target: 'ES2023', lib: ['ES2024', 'ESNext.Disposable'], types: ['node'] },
        ...{ allowImportingTsExtensions: true, typeRoots: [path.join(ROOT, 'node_modules/@types')] },
      },
      include: ['*.ts', 'src/**/*.ts'],
    }),
  );
  const result = await runCommand(path.join(ROOT, 'node_modules/.bin/tsc'), [], {
    cwd: someone.folder,
    timeoutMs: 60_000,
  });
  // Drizzle's own declarations speak of databases that are not installed.
  expect(result.stdout.match(/^(?!node_modules\/drizzle-orm\/| ).+/gm)).toBeNull();
}
