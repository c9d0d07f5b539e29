/** The server forgets the read transaction in the middle of a pull: half of one state and half of another is no state. */
import { expect, test } from 'vitest';
import { failureOf, openRemote, type PlainRow, pushTo, remoteTarget } from '../support/engine.ts';
import { type Answer, type Fate, intercept } from '../support/intercept.ts';

const ROWS = 2_500;
const state = (name: string): PlainRow[] =>
  Array.from({ length: ROWS }, (_, id) => ({ id: BigInt(id), v: `${name} ${id}` }));

/** As `sqld` and Turso Cloud say it. */
const answers: Record<string, Answer> = {
  'expired (HTTP 400)': {
    status: 400,
    body: '{"message":"The stream has expired due to inactivity","code":"STREAM_EXPIRED"}',
  },
  'unknown (HTTP 404)': { status: 404, body: '{"error":"stream not found: 12:34"}' },
  'used twice (HTTP 400)': { status: 400, body: 'Received a baton that has already been used' },
};

async function filledTarget() {
  const target = await remoteTarget();
  await target.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)');
  await pushTo(target, { t: state('old') });
  return target;
}
const isLaterPage = (body: string) => !body.includes('"baton":null') && body.includes('json_group_array');

test.each(Object.entries(answers))(
  'once, stream %s: the pull begins again and is whole',
  async (_, answer) => {
    await using target = await filledTarget();
    let lost = 0;
    await using between = await intercept(target.url, async ({ body }): Promise<Fate> => {
      if (!isLaterPage(body) || lost++ > 0) return 'pass';
      // What was read so far is of another state than what comes now.
      await target.run("UPDATE t SET v='theirs' WHERE id=0");
      return answer;
    });
    const around = () => openRemote({ url: between.url, token: target.token });
    const { outcome } = await pushTo(target, { t: state('old') }, { around });
    expect(lost).toBeGreaterThan(0);
    expect(outcome).toMatchObject({
      status: 'applied',
      plan: { tables: [{ updates: 1, unchanged: ROWS - 1 }] },
    });
  },
);

test('again and again: the push ends, says why, and has changed nothing', async () => {
  await using target = await filledTarget();
  let lost = 0;
  await using between = await intercept(target.url, ({ body }) => {
    if (!isLaterPage(body)) return 'pass';
    lost++;
    return answers['expired (HTTP 400)'] ?? 'cut';
  });
  const around = () => openRemote({ url: between.url, token: target.token });
  const error = await failureOf(pushTo(target, { t: state('new') }, { around }));
  expect(error).toMatchObject({ code: 'TARGET_UNREACHABLE', state: 'old', exitCode: 1 });
  expect(error.what).toMatch(/forgot 3 times what it was being read for.*expired due to inactivity/);
  expect(lost).toBe(3);
  expect(await target.rows("SELECT count(*) FROM t WHERE v LIKE 'old %'")).toEqual([[BigInt(ROWS)]]);
});

test('the server is started anew in the middle of a pull', async () => {
  await using target = await filledTarget();
  let restarts = 0;
  await using between = await intercept(target.url, async ({ body }): Promise<Fate> => {
    if (isLaterPage(body) && restarts++ === 0) await target.server.restart();
    return 'pass';
  });
  const around = () => openRemote({ url: between.url, token: target.token });
  const { outcome } = await pushTo(target, { t: state('new') }, { around });
  expect(restarts).toBeGreaterThan(0);
  expect(outcome).toMatchObject({ status: 'applied', plan: { tables: [{ updates: ROWS }] } });
});
