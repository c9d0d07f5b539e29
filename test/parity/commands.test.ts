/** Every row of the table "Commands": what a user types, and what must come of it. */
import path from 'node:path';
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closingQuery, FINAL_STATE } from '../support/closing-query.ts';
import {
  type DatabaseDump,
  dumpDatabase,
  dumpFolder,
  execute,
  localDatabase,
  query,
  withoutBooks,
} from '../support/dump.ts';
import { fillWithOlderState, removePicture, stateOf } from '../support/older-site.ts';
import { expectFailure, messageOf } from '../support/output.ts';
import { type CommandResult, runCommand } from '../support/run-command.ts';
import { cleanEnvironment, makeSite, type Site } from '../support/site.ts';

const SEED = 'db execute db/seed.ts';
const ROOT = path.resolve(import.meta.dirname, '../..');

const filesOf = (site: Site) => dumpFolder(site.folder, ['node_modules']);

describe('on the local database', () => {
  let site: Site;
  let fresh: { before: string[]; dryRun: CommandResult; after: string[]; rowsAfter: DatabaseDump };
  let seeding: CommandResult;
  let seeded: DatabaseDump;
  const rows = () => dumpDatabase(localDatabase(site.folder));

  beforeAll(async () => {
    site = await makeSite();
    const before = await filesOf(site);
    const dryRun = await site.astro(`${SEED} --dry-run`);
    fresh = { before, dryRun, after: await filesOf(site), rowsAfter: await rows() };
    seeding = await site.astro(SEED);
    seeded = withoutBooks(await rows());
  });
  afterAll(() => site[Symbol.asyncDispose]());

  test('--dry-run on a fresh site shows the plan, and changes nothing', () => {
    const { before, dryRun, after, rowsAfter } = fresh;
    expect(dryRun).toMatchObject({ exitCode: 0, stderr: '' });
    expect(dryRun.stdout).toMatch(/Properties +60/);
    expect(dryRun.stdout).toContain('Nothing was changed anywhere');
    expect(after.filter((line) => !line.startsWith('.astro/content.db'))).toEqual(before);
    // Astro itself opens the file of the local database; nothing is in it, not even a table.
    expect(rowsAfter.tables).toEqual({});
  });

  test('`pnpm astro db execute db/seed.ts` seeds a fresh site', async () => {
    expect(seeding).toMatchObject({ exitCode: 0, stderr: '' });
    expect(seeding.stdout).toContain('✔ File run successfully.');
    expect(Object.entries(seeded.tables).map(([table, { length }]) => [table, length])).toEqual([
      ['Categories', 11],
      ['Properties', 60],
      ['PropertiesImages', 180],
      ['PropertyCategories', 92],
    ]);
    const pictures = await query(
      localDatabase(site.folder),
      'SELECT cloudinaryUrl AS url FROM PropertiesImages WHERE isMigrated = 1',
    );
    const media = await dumpFolder(path.join(site.folder, 'public', 'media'));
    expect(media.map((line) => `/media/${line.split(' ')[0]}`)).toEqual(
      pictures.map(({ url }) => String(url)).sort(),
    );
  });

  describe('that holds other data', () => {
    beforeEach(() =>
      execute(
        localDatabase(site.folder),
        "UPDATE Properties SET title = 'Cambiado a mano' WHERE rowid = 7",
        "INSERT OR REPLACE INTO Categories VALUES ('mia', 'Mía', 'mia', NULL, NULL, 99)",
      ),
    );

    test.each(['', ' --dry-run', ' --force --dry-run'])('`%s` changes nothing', async (flags) => {
      const before = [await rows(), await filesOf(site)];
      const { exitCode, stdout, stderr } = await site.astro(SEED + flags);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toContain(flags === '' ? 'Add --force to replace it' : 'Nothing was changed anywhere');
      expect(stdout).toMatch(/Properties +· +1 +· +59/);
      expect([await rows(), await filesOf(site)]).toEqual(before);
    });

    test('`pnpm seed:test` changes nothing', async () => {
      const before = [await rows(), await filesOf(site)];
      const { exitCode, stdout } = await site.pnpm('seed:test');
      expect(exitCode).toBe(0);
      expect(stdout).toContain('Nothing was changed anywhere');
      expect([await rows(), await filesOf(site)]).toEqual(before);
    });

    test.each(['astro db execute db/seed.ts --force', 'seed:force'])(
      '`pnpm %s` overwrites it completely',
      async (command) => {
        expect(withoutBooks(await rows())).not.toEqual(seeded);
        const { exitCode, stdout } = await site.pnpm(command);
        expect(exitCode).toBe(0);
        expect(stdout).toMatch(/Done in .*\.astro\/content\.db is exactly what the source says/);
        expect(withoutBooks(await rows())).toEqual(seeded);
      },
    );
  });

  test('an unknown flag is refused by name, and nothing changes, not even on a fresh site', async () => {
    await using untouched = await makeSite();
    const before = await filesOf(untouched);
    const result = await untouched.astro(`${SEED} --forse`);
    expectFailure(result, { exitCode: 4, names: ['--forse is not a known flag', '--force'] });
    expect(await filesOf(untouched)).toEqual(before);
  });
});

describe('on the remote database', () => {
  let cloud: LocalCloud;
  let site: Site;

  beforeAll(async () => {
    cloud = await startLocalCloud();
    site = await makeSite({ env: cloud.env });
    expect(await site.astro('db push --remote')).toMatchObject({ exitCode: 0 });
  });
  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    await cloud.stop();
  });

  describe('that holds older data', () => {
    beforeEach(() => fillWithOlderState(cloud));

    test.each(['--remote', '--remote --dry-run', '--dry-run --remote --force'])(
      '`%s` changes nothing anywhere',
      async (flags) => {
        const before = [await stateOf(cloud), await filesOf(site)];
        const { exitCode, stdout, stderr } = await site.astro(`${SEED} ${flags}`);
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        expect(stdout).toContain(`db/seed.ts → 127.0.0.1:${cloud.database.port}`);
        expect(stdout).toMatch(/PropertiesImages +180 +· +60 +·/);
        expect(stdout).toContain('180 to upload');
        expect(stdout).toContain(
          flags === '--remote'
            ? 'already holds data'
            : 'This is what would happen. Nothing was changed anywhere.',
        );
        expect([await stateOf(cloud), await filesOf(site)]).toEqual(before);
      },
    );

    test.each([
      'astro db execute db/seed.ts --force --remote',
      'astro db execute db/seed.ts --remote --force',
      'seed:force:remote',
    ])('`pnpm %s` replaces it completely, rows and images, verified', async (command) => {
      const { exitCode, stdout, stderr } = await site.pnpm(command);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(await closingQuery(cloud.database)).toEqual(FINAL_STATE);
      expect(await query(cloud.database, "SELECT * FROM Properties WHERE slug LIKE 'oportunidad%'")).toEqual(
        [],
      );
      expect(
        cloud.cloudinary.assets().filter(({ public_id }) => public_id.startsWith('real-estate/')),
      ).toHaveLength(180);
      expect(stdout).toMatch(/✔ verify +343 rows equal/);
      expect(stdout).toMatch(/backup +\.overseed\/backups\/\S+\.db/);
      expect(stdout).toMatch(/undo +pnpm overseed undo remote --force/);
    });
  });

  test('from the root of the repository `pnpm astro …` is the same', async () => {
    await fillWithOlderState(cloud);
    const before = await stateOf(cloud);
    const args = ['astro', 'db', 'execute', 'db/seed.ts', '--remote', '--force', '--dry-run'];
    const result = await runCommand('pnpm', args, {
      cwd: ROOT,
      env: cleanEnvironment(cloud.env),
      timeoutMs: 30_000,
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toContain('This is what would happen. Nothing was changed anywhere.');
    expect(await stateOf(cloud)).toEqual(before);
  });

  describe('verify-state.ts', () => {
    const verify = () => site.astro('db execute db/scripts/verify-state.ts --remote');

    beforeAll(async () => {
      expect(await site.astro(`${SEED} --remote --force`)).toMatchObject({ exitCode: 0 });
    });

    test('says that counts, keys, URLs and every row are right', async () => {
      const { exitCode, stdout, stderr } = await verify();
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      for (const line of [
        /✔ Categories +11 rows/,
        /✔ Properties +60 rows/,
        /✔ PropertiesImages +180 rows/,
        /✔ foreign keys/,
        /✔ equality/,
        /✔ media +180 URLs answer/,
      ])
        expect(stdout).toMatch(line);
    });

    test('finds a row that is gone and one that was changed', async () => {
      await execute(
        cloud.database,
        'PRAGMA defer_foreign_keys = 1',
        'DELETE FROM PropertiesImages WHERE rowid = (SELECT max(rowid) FROM PropertiesImages)',
        'UPDATE Categories SET sortOrder = 77 WHERE sortOrder = 7',
      );
      const { exitCode, stdout } = await verify();
      expect(exitCode).toBe(1);
      expect(stdout).not.toContain('File run successfully');
      expect(stdout).toMatch(/✘ PropertiesImages +179 rows, 180 expected/);
      expect(stdout).toMatch(/✘ equality +rows differ in Categories, PropertiesImages/);
    });

    test('finds an image that the store no longer has, by its address', async () => {
      const [lost] = cloud.cloudinary.assets().filter(({ public_id }) => public_id.includes('sierra-blanca'));
      if (!lost) return expect.unreachable();
      await removePicture(cloud, lost.public_id);
      const { exitCode, stdout } = await verify();
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/✘ media/);
      expect(stdout).toContain(lost.public_id);
      expect(stdout).toContain('--recheck-assets');
    });

    test('and --recheck-assets stores that image again, and only that one', async () => {
      const before = cloud.cloudinary.counters().uploads;
      expect(await site.astro(`${SEED} --remote --force --recheck-assets`)).toMatchObject({ exitCode: 0 });
      expect(cloud.cloudinary.counters().uploads).toBe(before + 1);
      expect(await verify()).toMatchObject({ exitCode: 0 });
    });
  });
});

describe('test-env.ts', () => {
  const env = {
    ASTRO_DB_REMOTE_URL: 'libsql://costa-clara.turso.io',
    ASTRO_DB_APP_TOKEN: 'eyJh.eyJpZ.c2ln',
    CLOUDINARY_CLOUD_NAME: 'costaclara',
    CLOUDINARY_API_KEY: '123456789012345',
    CLOUDINARY_API_SECRET: 'muy-secreto',
  };
  const names = Object.keys(env);
  const script = 'db execute db/scripts/test-env.ts';

  test('passes when every variable is there, and shows no value', async () => {
    await using site = await makeSite({ env });
    const { exitCode, stdout, stderr } = await site.astro(script);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const name of names) expect(stdout).toMatch(new RegExp(`✔ ${name} +is set`));
    for (const value of Object.values(env)) expect(stdout).not.toContain(value);
  });

  test('reads a .env file as Astro does', async () => {
    const file = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
    await using site = await makeSite({ files: { '.env': file.join('') } });
    expect(await site.astro(script)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('names everything that is missing or malformed, at once', async () => {
    await using site = await makeSite();
    const bad = { ASTRO_DB_REMOTE_URL: 'costa-clara', CLOUDINARY_CLOUD_NAME: 'costa clara' };
    const { exitCode, stdout } = await site.astro(script, { env: bad });
    expect(exitCode).toBe(4);
    expect(stdout).not.toContain('File run successfully');
    for (const name of names) {
      expect(stdout).toMatch(new RegExp(`✘ ${name} +is ${name in bad ? 'malformed' : 'not set'}`));
    }
    for (const value of Object.values(bad)) expect(stdout).not.toContain(value);
  });
});

describe('test-cloudinary.ts', () => {
  test('makes a real round trip and leaves nothing behind', async () => {
    await using cloud = await startLocalCloud();
    await using site = await makeSite({ env: cloud.env });
    const { exitCode, stdout, stderr } = await site.astro('db execute db/scripts/test-cloudinary.ts');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const step of ['credentials', 'upload', 'fetch back', 'remove'])
      expect(stdout).toContain(`✔ ${step}`);
    expect(cloud.cloudinary.counters()).toMatchObject({ uploads: 1, deleted: 1 });
    expect(cloud.cloudinary.assets()).toEqual([]);

    const wrong = await site.astro('db execute db/scripts/test-cloudinary.ts', {
      env: { CLOUDINARY_API_SECRET: 'wrong', CLOUDINARY_URL: null },
    });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stdout).toMatch(/✘ credentials/);
    expect(wrong.stdout + messageOf(wrong)).toContain('CLOUDINARY_API_SECRET');
    expect(wrong.stdout).not.toContain('File run successfully');
  });
});
