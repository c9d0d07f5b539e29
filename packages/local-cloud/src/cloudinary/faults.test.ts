import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { admin, ask, nowSeconds, signed, toForm, upload } from '../testing/client.ts';
import { png } from '../testing/png.ts';
import { startCloudinary } from './emulator.ts';
import type { Fault } from './fault.ts';

describe('answers of faults', () => {
  test.each([
    [{ kind: 'status', status: 502 }, 502, '<h1>502 Bad Gateway</h1>'],
    [{ kind: 'status', status: 504 }, 504, '<h1>504 Gateway Time-out</h1>'],
    [{ kind: 'status', status: 503 }, 503, ''],
    [{ kind: 'status', status: 423 }, 423, '{"error":{"message":"Processing"}}'],
    [{ kind: 'status', status: 499 }, 499, '{"error":{"message":"Request Timeout"}}'],
    [{ kind: 'status', status: 420 }, 420, '{"error":{"message":"Rate Limit Exceeded"}}'],
    [{ kind: 'status', status: 500, message: 'mine' }, 500, '{"error":{"message":"mine"}}'],
    [{ kind: 'subscription', addOn: 'X' }, 420, "You don't have an active subscription for X"],
    [{ kind: 'refuse', message: 'Never' }, 400, '{"error":{"message":"Never"}}'],
  ] as const)('%j', async (fault, status, text) => {
    await using emulator = await startCloudinary();
    emulator.faults.set(fault);
    const answer = await upload(emulator, { public_id: 'a' }, png());
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
    expect(answer.text === '').toBe(text === '');
    expect(emulator.assets()).toEqual([]);
    expect(emulator.counters().faults).toBe(1);
  });

  test('429 says how long to wait', async () => {
    await using emulator = await startCloudinary();
    emulator.faults.set({ kind: 'status', status: 429, retryAfterSeconds: 7, times: 1 });
    emulator.faults.set({ kind: 'status', status: 429 });
    expect((await upload(emulator, {}, png())).headers.get('retry-after')).toBe('7');
    expect((await upload(emulator, {}, png())).headers.get('retry-after')).toBe('1');
  });

  test('the truncated answer is 200, is no JSON, and the asset is stored', async () => {
    await using emulator = await startCloudinary();
    emulator.faults.set({ kind: 'truncated-json', times: 1 });
    const { status, text } = await upload(emulator, { public_id: 'a' }, png());
    expect(status).toBe(200);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    const again = await upload(emulator, { public_id: 'a', overwrite: 'false' }, png());
    expect(again.body.existing).toBe(true);
  });
});

describe('the line', () => {
  test.each([
    ['arrival', 0],
    ['before-commit', 0],
    ['after-commit', 1],
  ] as const)('a connection dropped at %s leaves %i assets', async (when, stored) => {
    await using emulator = await startCloudinary();
    emulator.faults.set({ kind: 'drop', when, times: 1 });
    await expect(upload(emulator, { public_id: 'a' }, png())).rejects.toThrow();
    expect(emulator.assets()).toHaveLength(stored);
    expect((await upload(emulator, { public_id: 'a', overwrite: '0' }, png())).body.existing).toBe(
      stored === 1 ? true : undefined,
    );
  });

  test.each([
    ['before-commit', 0],
    ['after-commit', 1],
  ] as const)('a hang at %s lasts until the client gives up, and leaves %i assets', async (when, stored) => {
    await using emulator = await startCloudinary({ uploadConcurrency: 1 });
    emulator.faults.set({ kind: 'hang', when, times: 1 });
    const init = { signal: AbortSignal.timeout(150) };
    const authorization = {
      headers: { authorization: `Basic ${btoa(`${emulator.apiKey}:${emulator.apiSecret}`)}` },
    };
    await expect(upload(emulator, { public_id: 'a' }, png(), { ...authorization, ...init })).rejects.toThrow(
      /timeout/,
    );
    expect(emulator.assets()).toHaveLength(stored);
    await sleep(50);
    expect((await upload(emulator, { public_id: 'b' }, png())).status).toBe(200);
  });

  test('a hanging request does not keep the emulator from stopping', async () => {
    const emulator = await startCloudinary();
    emulator.faults.set({ kind: 'hang' });
    const hanging = expect(admin(emulator, 'ping')).rejects.toThrow();
    await sleep(50);
    await emulator.stop();
    await hanging;
  });

  test('latency delays; trickle stretches the answer', async () => {
    await using emulator = await startCloudinary();
    emulator.faults.set({ kind: 'latency', ms: 120, times: 1 });
    let start = performance.now();
    await upload(emulator, { public_id: 'a' }, png());
    expect(performance.now() - start).toBeGreaterThan(110);
    emulator.faults.set({ kind: 'trickle', bytesPerSecond: 400, route: 'delivery' });
    start = performance.now();
    const bytes = await (await fetch(emulator.assets()[0]?.url ?? '')).arrayBuffer();
    expect(Buffer.from(bytes)).toEqual(png());
    expect(performance.now() - start).toBeGreaterThan(150);
  });

  test('an idle keep-alive connection is reset', async () => {
    await using emulator = await startCloudinary();
    emulator.faults.set({ kind: 'reset-idle', afterMs: 20, times: 1 });
    const agent = new Agent({ keepAlive: true });
    const closed = await new Promise<boolean>((resolve, reject) => {
      const outgoing = request(`${emulator.url}/demo/image/upload/x`, { agent }, (response) => {
        const { socket } = response;
        response.resume().on('end', () => {
          expect(socket.destroyed).toBe(false);
          socket.once('close', () => resolve(true));
          socket.on('error', () => {});
        });
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
    expect(closed).toBe(true);
    agent.destroy();
  });
});

describe('time', () => {
  test('clock skew makes signatures stale, and its end makes them good again', async () => {
    await using emulator = await startCloudinary();
    const send = () =>
      ask(`${emulator.url}/v1_1/demo/image/upload`, {
        method: 'POST',
        body: toForm(signed(emulator, { public_id: 'a' }), png()),
      });
    const id = emulator.faults.set({ kind: 'clock-skew', ms: 2 * 3_600_000 });
    expect(await send()).toMatchObject({ status: 400, message: /^Stale request/ });
    emulator.faults.clear(id);
    expect((await send()).status).toBe(200);
  });

  test('a skewed clock shows in versions', async () => {
    await using emulator = await startCloudinary({ clockSkewMs: 86_400_000 });
    const { body } = await upload(emulator, {}, png());
    expect((body.version as number) - nowSeconds()).toBeGreaterThan(86_000);
  });
});

describe('which requests are hit', () => {
  test('times, match and route limit a fault', async () => {
    await using emulator = await startCloudinary();
    emulator.faults.set({ kind: 'status', status: 500, times: 2, match: 'cat', route: 'upload' });
    emulator.faults.set({ kind: 'refuse', match: /^dog\d$/ });
    const statuses: number[] = [];
    for (const public_id of ['bird', 'a/cat', 'a/cat', 'a/cat', 'dog1', 'dogs']) {
      statuses.push((await upload(emulator, { public_id }, png())).status);
    }
    expect(statuses).toEqual([200, 500, 500, 200, 400, 200]);
    expect((await admin(emulator, 'resources/image/upload/a/cat')).status).toBe(200);
    expect(emulator.faults.list().map(({ hits }) => hits)).toEqual([2, 1]);
    emulator.faults.clear();
    expect(emulator.faults.list()).toEqual([]);
  });

  test('delivery and Admin calls are recognised by the name in their path', async () => {
    await using emulator = await startCloudinary();
    emulator.faults.set({ kind: 'status', status: 503, match: 'a/cat' });
    expect((await ask(`${emulator.url}/demo/image/upload/v1/a/cat.png`)).status).toBe(503);
    expect((await admin(emulator, 'resources/image/upload/a/cat')).status).toBe(503);
    expect((await admin(emulator, 'resources/image/upload?public_ids[]=a/cat')).status).toBe(503);
    expect((await admin(emulator, 'ping')).status).toBe(200);
  });

  test('the same seed fails the same requests', async () => {
    const run = async (seed: number) => {
      await using emulator = await startCloudinary({ seed });
      emulator.faults.set({ kind: 'status', status: 500, rate: 0.5 });
      const statuses: number[] = [];
      for (let i = 0; i < 20; i++) statuses.push((await ask(`${emulator.url}/demo/image/upload/x`)).status);
      return statuses.join();
    };
    const first = await run(7);
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
    expect(first).toContain('500');
    expect(first).toContain('404');
  });

  test.each([
    [{ kind: 'explode' }, /unknown/],
    [{ kind: 'drop', times: 0 }, /times/],
    [{ kind: 'drop', rate: 2 }, /rate/],
    [{ kind: 'drop', route: 'x' }, /route/],
    [{ kind: 'drop', when: 'later' }, /when/],
    [{ kind: 'latency', ms: 1, when: 'arrival' }, /moment is fixed/],
    [{ kind: 'drop', when: 'arrival', match: 'x' }, /not known yet/],
    [{ kind: 'status', status: 200 }, /status/],
    [{ kind: 'latency' }, /ms/],
    [{ kind: 'trickle', bytesPerSecond: 0 }, /bytesPerSecond/],
  ])('a fault that makes no sense is refused: %j', async (fault, message) => {
    await using emulator = await startCloudinary();
    expect(() => emulator.faults.set(fault as unknown as Fault)).toThrow(message);
  });
});

describe('control over HTTP', () => {
  test('faults are set, listed and cleared with the api secret, and with nothing else', async () => {
    await using emulator = await startCloudinary();
    const control = (body: object | undefined, secret = emulator.apiSecret) =>
      ask(`${emulator.url}/__faults`, {
        method: body ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${secret}` },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    expect((await control(undefined, 'wrong')).status).toBe(401);
    expect((await ask(`${emulator.url}/__faults`)).status).toBe(401);
    const set = await control({
      set: [
        { kind: 'status', status: 500, match: { pattern: '^A', flags: 'i' } },
        { kind: 'drop', match: 'zzz' },
      ],
    });
    expect(set.body.ids).toHaveLength(2);
    expect((await upload(emulator, { public_id: 'ab' }, png())).status).toBe(500);
    expect((await control(undefined)).body.faults).toMatchObject([
      { hits: 1, fault: { kind: 'status', match: { pattern: '^A', flags: 'i' } } },
      { hits: 0, fault: { kind: 'drop', match: 'zzz' } },
    ]);
    expect((await control({ clear: [(set.body.ids as string[])[0]] })).status).toBe(200);
    expect(emulator.faults.list()).toHaveLength(1);
    expect((await control({ clear: true })).status).toBe(200);
    expect(emulator.faults.list()).toEqual([]);
    expect(await control({ set: [{ kind: 'explode' }] })).toMatchObject({ status: 400, message: /unknown/ });
  });
});
