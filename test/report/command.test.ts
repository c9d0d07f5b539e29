/** `--report FILE`: where it may be written, and that it is there when things go wrong. The real command, in a process of its own. */
import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type CliProject, eventsOf, makeProject } from '../support/cli-project.ts';
import { messageOf } from '../support/output.ts';

const CONFIG = JSON.stringify({
  source: 'seed.mjs',
  targets: { local: { url: 'file:local.db' }, other: { url: 'file:other.db' }, all: ['local', 'other'] },
  assets: { tables: { homes: { from: 'images', path: 'photo', url: 'photoUrl' } } },
});
const SCHEMA =
  'CREATE TABLE homes (id INTEGER PRIMARY KEY, title TEXT NOT NULL, photo TEXT, photoUrl TEXT, plan TEXT)';
const home = (title: string | null, more: object = {}) =>
  `export default { homes: [${JSON.stringify({ id: 1, title, ...more })}] };`;

const dot = (background: string) =>
  sharp({ create: { width: 60, height: 40, channels: 3, background } })
    .png()
    .toBuffer();

async function openProject(seed = home('Villa')): Promise<CliProject> {
  const project = await makeProject({ 'overseed.config.json': CONFIG, 'seed.mjs': seed });
  project.sql('local.db', SCHEMA, "INSERT INTO homes (id, title) VALUES (9, 'old')");
  return project;
}

const titles = (project: CliProject) => project.rows('local.db', 'SELECT title FROM homes ORDER BY id');

describe.concurrent('where a report goes', () => {
  test('a place that cannot be is refused before anything happens', async () => {
    await using project = await openProject();
    await project.write({ 'notes.html': '<!doctype html><p>mine', 'folder/file': '' });
    await symlink('notes.html', path.join(project.folder, 'link.html'));
    for (const [file, says] of [
      ['missing/report.html', 'There is no folder missing.'],
      ['folder', 'folder is a folder.'],
      ['notes.html', 'notes.html is there, and is not a report of Overseed: it is left alone.'],
      ['link.html', 'link.html is not an ordinary file.'],
    ] as const) {
      const refused = await project.run(['push', '--force', '--report', file]);
      expect(refused.exitCode).toBe(4);
      expect(messageOf(refused)).toContain(says);
      expect(messageOf(refused)).toContain('(REPORT_NOT_WRITTEN)');
    }
    const fleet = await project.run('push all --force --report report.html');
    expect(fleet.exitCode).toBe(4);
    expect(messageOf(fleet)).toContain('--report is for one target, and 2 were named');
    expect(titles(project)).toEqual([['old']]);
    expect(await project.read('notes.html')).toBe('<!doctype html><p>mine');
    expect(await readdir(path.join(project.folder, 'folder'))).toEqual(['file']);
  });

  test('an earlier report is replaced, its owner alone reads it, and nothing else is left', async () => {
    await using project = await openProject();
    const before = await readdir(project.folder);
    expect(await project.run('plan --report report.html')).toMatchObject({ exitCode: 0, stderr: '' });
    const first = await project.read('report.html');
    const again = await project.run('push --force --report report.html --json');
    expect(again).toMatchObject({ exitCode: 0, stderr: '' });
    expect(eventsOf(again).at(-1)).toMatchObject({ kind: 'report-written', file: 'report.html' });
    const second = await project.read('report.html');
    expect(first).toContain('this is what would happen to local');
    expect(second).toContain('local is exactly what the source says');
    expect((await stat(path.join(project.folder, 'report.html'))).mode & 0o777).toBe(0o600);
    expect((await readdir(project.folder)).filter((name) => !before.includes(name)).sort()).toEqual([
      '.overseed',
      'report.html',
    ]);
  });

  test('when it cannot be written in the end, that is a failure which says that the rows are there', async () => {
    const seed = `import { rmSync } from 'node:fs'; rmSync('reports', { recursive: true, force: true });\n${home('Villa')}`;
    await using project = await openProject(seed);
    await mkdir(path.join(project.folder, 'reports'));
    const failed = await project.run('push --force --report reports/report.html');
    expect(failed.exitCode).toBe(4);
    expect(messageOf(failed)).toContain('There is no folder reports. The target holds the new rows.');
    expect(titles(project)).toEqual([['Villa']]);
  });
});

describe.concurrent('a report is there when it is needed most', () => {
  test('of a source that breaks a constraint', async () => {
    await using project = await openProject(home(null));
    const failed = await project.run('push --force --report report.html');
    expect(failed.exitCode).toBe(4);
    const page = await project.read('report.html');
    expect(page).toContain('<title>Failed · Overseed</title>');
    expect(page).toContain('<code>SOURCE_INVALID</code>');
    expect(page).toMatch(/homes\.title \(id=1\)/);
    expect(page).toContain('<dd>seed.mjs</dd>');
    // A stage that did not end is shown as such.
    expect(page).toMatch(/build<small>.*did not end/);
  });

  test('of a run that nobody agreed to', async () => {
    await using project = await openProject();
    const refused = await project.run('push --report report.html');
    expect(refused.exitCode).toBe(3);
    const page = await project.read('report.html');
    expect(page).toContain('Nothing was changed: local already holds data');
    expect(page).toMatch(/<tr class="delete">.*id=9/);
  });

  test('of a run that was stopped', async () => {
    const hanging = `export default { homes: async function* () { console.error('waiting'); await new Promise(() => setInterval(() => {}, 1000)); yield {}; } };`;
    await using project = await openProject(hanging);
    const stopped = await project.run('push --force --report report.html', { interruptAt: 'waiting' });
    expect(stopped.exitCode).toBe(130);
    const page = await project.read('report.html');
    expect(page).toContain('<title>Stopped · Overseed</title>');
    expect(page).toContain('The target is as it was.');
  });

  test('of pictures that are kept in a folder, and of an undo', async () => {
    await using project = await openProject(home('Villa', { photo: 'a.png', plan: '<b>1</b>' }));
    await project.write({ 'images/a.png': await dot('red') });
    expect(await project.run('push --force')).toMatchObject({ exitCode: 0, stderr: '' });
    await project.write({ 'images/a.png': await dot('blue') });
    expect(await project.run('push --force --report report.html')).toMatchObject({ exitCode: 0, stderr: '' });
    const colours = await Promise.all(
      [...(await project.read('report.html')).matchAll(/src="data:image\/webp;base64,([^"]+)"/g)].map(
        async ([, data = '']) => {
          const { channels } = await sharp(Buffer.from(data, 'base64')).stats();
          return channels.slice(0, 3).map(({ mean }) => (mean > 128 ? 1 : 0));
        },
      ),
    );
    expect(colours).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
    expect(await project.run('undo --force --report undo.html')).toMatchObject({ exitCode: 0, stderr: '' });
    const undone = await readFile(path.join(project.folder, 'undo.html'), 'utf8');
    expect(undone).toContain('<code>undo local</code>');
    expect(undone).toMatch(/<tr class="update">.*photoUrl/);
  });
});
