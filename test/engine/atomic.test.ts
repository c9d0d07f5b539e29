/** P1: a reader that asks as fast as it can sees one of the two states, whole, and nothing else. */
import { expect, test } from 'vitest';
import { type PlainRow, pushTo, remoteTarget } from '../support/engine.ts';

const ROWS = 60;
const SCHEMA = [
  'CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT NOT NULL, u INTEGER UNIQUE)',
  'CREATE INDEX a_v ON a(v)',
  'CREATE TABLE b (id TEXT PRIMARY KEY, a INTEGER NOT NULL REFERENCES a(id) ON DELETE CASCADE, v TEXT)',
  'CREATE VIEW both_tables AS SELECT a.v AS av, b.v AS bv FROM a JOIN b ON b.a=a.id',
];

function state(name: 'old' | 'new'): { a: PlainRow[]; b: PlainRow[] } {
  const first = name === 'old' ? 0 : ROWS / 2;
  const ids = Array.from({ length: ROWS }, (_, index) => BigInt(first + index));
  return {
    a: ids.map((id, index) => ({ id, v: name, u: BigInt(name === 'old' ? index : ROWS - index) })),
    b: ids.map((id) => ({ id: `${name}-${id % 7n}-${id}`, a: id, v: name })),
  };
}

test.each([
  { strategy: 'inline', pushes: 70 },
  { strategy: 'delta', pushes: 70 },
  { strategy: 'swap', pushes: 70 },
  { strategy: 'swap-indexed', pushes: 15 },
  { strategy: 'swap-gradual', pushes: 10 },
] as const)(
  'P1: during $pushes pushes by $strategy a reader never sees a mix',
  async ({ strategy, pushes }) => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    await pushTo(target, state('old'));
    const seen = new Map<string, number>();
    let pushing = true;
    const question = `SELECT (SELECT count(*) || ' ' || group_concat(DISTINCT v) FROM a) || ' / '
    || (SELECT count(*) || ' ' || group_concat(DISTINCT v) FROM b) || ' / ' || (SELECT count(*) FROM both_tables WHERE av=bv)`;
    const reader = (async () => {
      while (pushing) {
        const [[answer] = []] = await target.rows(question);
        seen.set(String(answer), (seen.get(String(answer)) ?? 0) + 1);
      }
    })();
    for (let push = 1; push <= pushes; push++) {
      const { outcome } = await pushTo(target, state(push % 2 === 1 ? 'new' : 'old'), { strategy });
      expect(outcome).toMatchObject({ status: 'applied', plan: { apply: { tables: [strategy, strategy] } } });
    }
    pushing = false;
    await reader;
    const whole = (name: string) => `${ROWS} ${name} / ${ROWS} ${name} / ${ROWS}`;
    expect([...seen.keys()].sort()).toEqual([whole('new'), whole('old')]);
  },
);
