import { describe, expect, test } from 'vitest';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import { fileTarget, type PlainRow, pushTo as pushAs, remoteTarget } from '../support/engine.ts';

const SCHEMA = [
  'CREATE TABLE town (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, mayor TEXT)',
  `CREATE TABLE house (id INTEGER PRIMARY KEY, town TEXT NOT NULL REFERENCES town(id) ON DELETE CASCADE,
     price REAL CHECK (price > 0), photo BLOB, label TEXT GENERATED ALWAYS AS (town || '-' || id))`,
  'CREATE INDEX house_town ON house(town)',
  'CREATE TABLE visit (house INTEGER REFERENCES house(id) ON DELETE CASCADE, day TEXT)',
  'CREATE TABLE audit (what TEXT)',
  `CREATE TRIGGER house_audit AFTER INSERT ON house BEGIN INSERT INTO audit VALUES ('insert ' || new.id); END`,
];

const towns: PlainRow[] = [
  { id: 'a', name: 'Nerja', mayor: 'Ana' },
  { id: 'b', name: 'Málaga', mayor: null },
];
const houses: PlainRow[] = [
  { id: 1n, town: 'a', price: 1.5, photo: new Uint8Array([0, 255]) },
  { id: 2n, town: 'b', price: 0.1, photo: null },
];

const targets = [
  { kind: 'remote', open: remoteTarget },
  { kind: 'file', open: fileTarget },
];
const strategies = ['inline', 'delta', 'swap'] as const;
const ways = targets.flatMap((target) => strategies.map((strategy) => ({ ...target, strategy })));

describe.each(ways)('push to a $kind target, $strategy', ({ open, strategy }) => {
  const pushTo: typeof pushAs = (target, tables, options) => pushAs(target, tables, { strategy, ...options });

  test('fills an empty target, and the second push changes nothing (P8)', async () => {
    await using target = await open();
    await target.run(...SCHEMA);
    const first = await pushTo(target, { town: towns, house: houses });
    expect(first.outcome).toMatchObject({ status: 'applied', backup: undefined });
    expect(await target.rows('SELECT id, town, price, label FROM house ORDER BY id')).toEqual([
      [1n, 'a', 1.5, 'a-1'],
      [2n, 'b', 0.1, 'b-2'],
    ]);
    const second = await pushTo(target, { town: towns, house: houses });
    expect(second.outcome.status).toBe('unchanged');
    expect(await target.rows('SELECT count(*) FROM _overseed_runs')).toEqual([[1n]]);
  });

  test('replaces other rows completely, keeps triggers without firing them, and touches no other table (P7)', async () => {
    await using target = await open();
    await target.run(
      ...SCHEMA,
      "INSERT INTO town VALUES ('a','Old','x'),('c','Gone','y')",
      "INSERT INTO house (id, town, price) VALUES (1,'c',9.0),(7,'c',8.0)",
      "INSERT INTO audit VALUES ('kept')",
      "DELETE FROM audit WHERE what<>'kept'",
    );
    const { outcome } = await pushTo(target, { town: towns, house: houses });
    expect(outcome).toMatchObject({
      status: 'applied',
      plan: {
        tables: [
          { table: 'town', inserts: 1, updates: 1, deletes: 1 },
          { table: 'house', inserts: 1, updates: 1, deletes: 1 },
        ],
      },
    });
    expect(await target.rows('SELECT id, name FROM town ORDER BY id')).toEqual([
      ['a', 'Nerja'],
      ['b', 'Málaga'],
    ]);
    expect(await target.rows('SELECT what FROM audit')).toEqual([['kept']]);
    expect(await target.rows("SELECT name FROM sqlite_schema WHERE type='trigger'")).toEqual([
      ['house_audit'],
    ]);
  });

  test('moves a unique value from one row to another', async () => {
    await using target = await open();
    await target.run(...SCHEMA, "INSERT INTO town VALUES ('a','Málaga',null),('b','Nerja',null)");
    const { outcome } = await pushTo(target, { town: towns });
    expect(outcome.status).toBe('applied');
    expect(await target.rows('SELECT id, name FROM town ORDER BY id')).toEqual([
      ['a', 'Nerja'],
      ['b', 'Málaga'],
    ]);
  });

  test('without consent a target that holds data is left alone', async () => {
    await using target = await open();
    await target.run(...SCHEMA, "INSERT INTO town VALUES ('z','Old',null)");
    const { outcome } = await pushTo(target, { town: towns }, { consent: 'keep-data' });
    expect(outcome).toMatchObject({ status: 'refused', reason: { tables: [{ table: 'town', rows: 1 }] } });
    expect(await target.rows('SELECT id FROM town')).toEqual([['z']]);
  });

  test('a dry run creates nothing, not even bookkeeping', async () => {
    await using target = await open();
    await target.run(...SCHEMA);
    const { outcome } = await pushTo(target, { town: towns }, { dryRun: true });
    expect(outcome).toMatchObject({ status: 'planned', plan: { tables: [{ inserts: 2 }] } });
    expect(await target.rows("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%overseed%'")).toEqual([
      [0n],
    ]);
  });

  test('rows outside the scope that would become orphans stop the push, and nothing changes (P7)', async () => {
    await using target = await open();
    await target.run(
      ...SCHEMA,
      "INSERT INTO town VALUES ('a','Nerja','Ana')",
      "INSERT INTO house (id, town, price) VALUES (9,'a',1.0)",
      "INSERT INTO visit VALUES (9,'monday')",
    );
    const error = await pushTo(target, { town: towns, house: houses }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OverseedError);
    expect((error as OverseedError).code).toBe('WOULD_CASCADE');
    expect(await target.rows('SELECT id FROM house')).toEqual([[9n]]);
    expect(await target.rows('SELECT * FROM visit')).toEqual([[9n, 'monday']]);
  });

  test('values arrive bit by bit (P5)', async () => {
    await using target = await open();
    await target.run('CREATE TABLE v (id INTEGER PRIMARY KEY, x)');
    const values = [
      null,
      0n,
      -(2n ** 63n),
      2n ** 63n - 1n,
      2n ** 53n + 1n,
      0.1,
      5e-324,
      1.7976931348623157e308,
      1e15,
      3,
      -0,
      Infinity,
      -Infinity,
      '',
      '12',
      'a\u0000b',
      '😀é\uffff',
      new Uint8Array(),
      new Uint8Array([0, 1, 255]),
    ];
    const rows = values.map((x, id) => ({ id: BigInt(id), x }));
    const { outcome } = await pushTo(target, { v: rows });
    expect(outcome.status).toBe('applied');
    const stored = await target.rows('SELECT typeof(x), hex(CAST(x AS BLOB)) FROM v ORDER BY id');
    expect(stored.map(([type]) => type)).toEqual([
      'null',
      'integer',
      'integer',
      'integer',
      'integer',
      'real',
      'real',
      'real',
      'real',
      'real',
      'real',
      'real',
      'real',
      'text',
      'text',
      'text',
      'text',
      'blob',
      'blob',
    ]);
    expect(stored[15]?.[1]).toBe('610062');
    expect((await pushTo(target, { v: rows })).outcome.status).toBe('unchanged');
  });

  test('a table without a key is compared as a multiset', async () => {
    await using target = await open();
    await target.run('CREATE TABLE bag (x, y TEXT)', "INSERT INTO bag VALUES (1,'a'),(1,'a'),(2,'b')");
    const same = [
      { x: 2n, y: 'b' },
      { x: 1n, y: 'a' },
      { x: 1n, y: 'a' },
    ];
    expect((await pushTo(target, { bag: same })).outcome.status).toBe('unchanged');
    expect((await pushTo(target, { bag: same.slice(1) })).outcome.status).toBe('applied');
    expect(await target.rows('SELECT x, y FROM bag')).toEqual([
      [1n, 'a'],
      [1n, 'a'],
    ]);
  });

  test('every problem of the source is reported at once, and nothing is changed', async () => {
    await using target = await open();
    await target.run(...SCHEMA, "INSERT INTO town VALUES ('z','Old',null)");
    const error = await pushTo(target, {
      town: [...towns, { id: 'a', name: 'Twice' }, { id: 'd', name: 'NERJA' }, { id: 'e' }],
      house: [
        { id: 1n, town: 'nowhere', price: 2 },
        { id: 2n, town: 'a', price: -1 },
      ],
    }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OverseedError);
    expect((error as OverseedError).what).toBe(
      [
        'the test has 5 problems:',
        '  town.id (id=a): "a" is a duplicate key: an earlier row has it, and they disagree: name "Nerja" there, "Twice" here',
        '  town.name (id=d): "NERJA" is a duplicate: the column must be unique',
        '  town.name (id=e): is missing, and the column requires a value',
        '  house (id=2): breaks the CHECK constraint price > 0',
        '  house.town (id=1): "nowhere" points to no row of town.id',
      ].join('\n'),
    );
    expect(await target.rows('SELECT id FROM town')).toEqual([['z']]);
  });

  test('a missing table or column is one clear error', async () => {
    await using target = await open();
    await target.run('CREATE TABLE town (id TEXT PRIMARY KEY)');
    const error = await pushTo(target, { town: [], nowhere: [] }).catch((thrown: unknown) => thrown);
    expect((error as OverseedError).code).toBe('SCHEMA_MISSING');
    expect((error as OverseedError).message).toContain('nowhere: there is no such table');
  });
});
