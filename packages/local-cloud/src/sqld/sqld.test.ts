import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSigningKey, createTokenSigner } from './jwt.ts';
import { type Sqld, startSqld } from './sqld.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function query({ url }: Pick<Sqld, 'url'>, token: string, sql: string): Promise<Answer> {
  const response = await fetch(`${url}/v3/pipeline`, {
    method: 'POST',
    headers: token ? { authorization: `Bearer ${token}` } : {},
    body: JSON.stringify({ requests: [{ type: 'execute', stmt: { sql } }, { type: 'close' }] }),
  });
  return { status: response.status, text: await response.text() };
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process, which is the question
  }
};

describe('tokens', () => {
  let sqld: Sqld;
  beforeAll(async () => {
    sqld = await startSqld();
    await query(sqld, sqld.token, 'create table t (a)');
  });
  afterAll(() => sqld.stop());
  const inAnHour = () => Math.floor(Date.now() / 1000) + 3_600;

  test('the token reads and writes', async () => {
    expect(await query(sqld, sqld.token, 'insert into t values (1)')).toMatchObject({ status: 200 });
  });

  test('the read-only token reads and cannot write', async () => {
    expect(await query(sqld, sqld.readOnlyToken, 'select * from t')).toMatchObject({ status: 200 });
    const refused = await query(sqld, sqld.readOnlyToken, 'insert into t values (2)');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('Write permission');
    expect((await query(sqld, sqld.token, 'select count(*) from t where a = 2')).text).toContain(
      '"value":"0"',
    );
  });

  test.each([
    ['no token', () => ''],
    ['nonsense', () => 'nonsense'],
    ['an expired token', () => sqld.signToken({ a: 'rw', exp: 1_700_000_000 })],
    ['a stranger’s token', () => createTokenSigner(createSigningKey()).sign({ a: 'rw', exp: inAnHour() })],
  ])('refused with 401: %s', async (_name, token) => {
    expect(await query(sqld, token(), 'select 1')).toMatchObject({ status: 401 });
  });

  test('sqld takes a token without claims as read-write for ever', async () => {
    expect(await query(sqld, sqld.signToken({}), 'insert into t values (3)')).toMatchObject({ status: 200 });
  });
});

describe('life and death', () => {
  test('without auth no token is needed, and none can be signed', async () => {
    await using sqld = await startSqld({ auth: false });
    expect(await query(sqld, '', 'select 1')).toMatchObject({ status: 200 });
    expect(sqld.token + sqld.readOnlyToken).toBe('');
    expect(() => sqld.signToken({})).toThrow(/auth: false/);
  });

  test('stop ends the process and throws away the data; stopping twice is fine', async () => {
    const sqld = await startSqld();
    expect(isAlive(sqld.pid)).toBe(true);
    await sqld.stop();
    await sqld.stop();
    expect(isAlive(sqld.pid)).toBe(false);
    expect(existsSync(sqld.dataDir)).toBe(false);
    await expect(sqld.restart()).rejects.toThrow(/start a new one/);
  });

  test('a crash and a restart keep port, token and every committed row', async () => {
    await using sqld = await startSqld();
    await query(sqld, sqld.token, 'create table t (a)');
    await query(sqld, sqld.token, 'insert into t values (42)');
    const { pid, url } = sqld;
    await sqld.kill();
    expect(isAlive(pid)).toBe(false);
    await expect(query(sqld, sqld.token, 'select 1')).rejects.toThrow();
    await sqld.restart();
    expect(sqld.url).toBe(url);
    expect(sqld.pid).not.toBe(pid);
    expect((await query(sqld, sqld.token, 'select a from t')).text).toContain('"42"');
  });

  test('a given data folder outlives the server', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'local-cloud-test-'));
    try {
      {
        await using first = await startSqld({ dataDir });
        await query(first, first.token, 'create table kept (a)');
      }
      await using second = await startSqld({ dataDir });
      expect((await query(second, second.token, 'select * from kept')).text).toContain('"ok"');
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });

  test('a death nobody asked for is reported with the end of the log', async () => {
    await using sqld = await startSqld();
    process.kill(sqld.pid, 'SIGKILL');
    const error = await sqld.died;
    expect(error.message).toMatch(/ended unexpectedly \(signal SIGKILL\).*log/s);
  });

  test('a server that cannot start says why', async () => {
    await expect(startSqld({ extraArgs: ['--no-such-flag'] })).rejects.toThrow(/--no-such-flag/);
  });

  test('a port that is taken is an error when it was asked for', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(startSqld({ port })).rejects.toThrow(`Port ${port} is taken`);
    blocker.close();
  });

  test.each([
    ['exits', 'process.exit(0)'],
    ['is killed', 'process.kill(process.pid, "SIGKILL")'],
  ])('no server is left behind when the parent %s', async (_name, end) => {
    const module = new URL('./sqld.ts', import.meta.url).href;
    const script = `const { startSqld } = await import(${JSON.stringify(module)});
      const sqld = await startSqld(); console.log(JSON.stringify([sqld.url, sqld.dataDir]));
      setTimeout(() => ${end}, 50);`;
    const flags = ['--no-warnings', '--experimental-strip-types', '--input-type=module', '-e', script];
    const parent = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    parent.stdout.setEncoding('utf8').on('data', (more: string) => {
      output += more;
    });
    await once(parent, 'close');
    const [url, dataDir] = JSON.parse(output) as [string, string];
    const answers = () =>
      query({ url }, '', 'select 1').then(
        () => true,
        () => false,
      );
    for (let i = 0; i < 100 && ((await answers()) || existsSync(dataDir)); i++) await sleep(20);
    expect(await answers()).toBe(false);
    expect(existsSync(dataDir)).toBe(false);
  });
});
