import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
let folder: string;
let running: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lc-cli-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running = [];
  rmSync(folder, { recursive: true });
});

/** Starts the command line with a temporary folder of its own; `text()` is what it wrote so far. */
function start(...args: string[]) {
  const child = spawn(process.execPath, ['--no-warnings', '--experimental-strip-types', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  });
  running.push(child);
  const closed = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      output += more;
    });
  }
  return {
    text: () => output,
    ready: async () => {
      await Promise.race([once(child.stdout, 'data'), closed]);
      expect(child.exitCode, output).toBeNull();
    },
    end: async (signal?: 'SIGINT' | 'SIGTERM') => {
      if (signal) child.kill(signal);
      const [code] = (await closed) as [number];
      return code;
    },
  };
}

const refuses = (url: string) => expect(fetch(url)).rejects.toThrow();

describe('the command line', () => {
  test('Ctrl-C ends with 130 and leaves no process and no folder', async () => {
    const cli = start('--json');
    await cli.ready();
    const shown = JSON.parse(cli.text()) as { env: Record<string, string>; database: { url: string } };
    expect(Object.keys(shown.env)).toEqual([
      'ASTRO_DB_REMOTE_URL',
      'ASTRO_DB_APP_TOKEN',
      'TURSO_DATABASE_URL',
      'TURSO_AUTH_TOKEN',
      'CLOUDINARY_URL',
      'CLOUDINARY_CLOUD_NAME',
      'CLOUDINARY_API_KEY',
      'CLOUDINARY_API_SECRET',
      'CLOUDINARY_UPLOAD_PREFIX',
      'CLOUDINARY_DELIVERY_PREFIX',
    ]);
    expect((await fetch(`${shown.database.url}/health`)).status).toBe(200);
    expect(await cli.end('SIGINT')).toBe(130);
    await refuses(shown.database.url);
    await refuses(shown.env.CLOUDINARY_UPLOAD_PREFIX ?? '');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('kept data keep their ports, keys and environment; SIGTERM ends with 0', async () => {
    const data = join(folder, 'data');
    const env: string[] = [];
    for (const file of ['one.env', 'two.env']) {
      const cli = start('--data', data, '--write-env', join(folder, file));
      await cli.ready();
      expect(await cli.end('SIGTERM')).toBe(0);
      expect(cli.text()).toContain(`The environment is in ${join(folder, file)}`);
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
      env.push(readFileSync(join(folder, file), 'utf8').replace(/"ey[^"]*"/g, '(token)'));
    }
    expect(env[1]).toBe(env[0]);
    expect(env[0]).toMatch(/^# Written by local-cloud/);
    expect(statSync(join(data, 'local-cloud.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(data, 'database', 'dbs'))).toBe(true);
  });

  test('an env file of somebody else is left alone', async () => {
    const file = join(folder, '.env');
    writeFileSync(file, 'MINE=1\n');
    const cli = start('--write-env', file);
    expect(await cli.end()).toBe(1);
    expect(cli.text()).toMatch(/was left alone/);
    expect(readFileSync(file, 'utf8')).toBe('MINE=1\n');
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  test('the database dying ends it with 1 and says why', async () => {
    const cli = start('--json');
    await cli.ready();
    process.kill((JSON.parse(cli.text()) as { database: { pid: number } }).database.pid, 'SIGKILL');
    expect(await cli.end()).toBe(1);
    expect(cli.text()).toMatch(/sqld ended unexpectedly/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('without arguments it shows the environment', async () => {
    const cli = start();
    await cli.ready();
    expect(await cli.end('SIGTERM')).toBe(0);
    expect(cli.text()).toMatch(/^ {2}CLOUDINARY_URL {14}cloudinary:\/\//m);
  });

  test.each([['--nope'], ['start'], ['--database-port', 'x'], ['--cloudinary-port=70000'], ['--data']])(
    'bad arguments end with 4: %s',
    async (...args) => {
      const cli = start(...args);
      expect(await cli.end()).toBe(4);
      expect(cli.text()).toContain('Try: local-cloud --help');
    },
  );

  test('--help and the README show the same usage', async () => {
    const cli = start('--help');
    expect(await cli.end()).toBe(0);
    const usage = cli.text().slice(cli.text().indexOf('Usage:'), cli.text().indexOf('Runs until'));
    expect(usage).toContain('--write-env PATH');
    expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(usage.trim());
  });
});
