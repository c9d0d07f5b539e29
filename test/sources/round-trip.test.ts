/** Rows of every type, written in each format, pushed, and read back: what arrives is what was written, bit by bit. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { push } from '../../packages/overseed/src/push.ts';
import { openDataFolder } from '../../packages/overseed/src/source/files/data-folder.ts';
import { seedTables } from '../../packages/overseed/src/source/seed.ts';
import type { Source } from '../../packages/overseed/src/source/source.ts';
import { openStandardInput } from '../../packages/overseed/src/source/standard-input.ts';
import { fileTarget, type TestTarget } from '../support/engine.ts';

fc.configureGlobal({ numRuns: 40 });

/** `whatever` has no type: only what a format can say by itself arrives there. */
const SCHEMA = `CREATE TABLE zoo (id INTEGER PRIMARY KEY, whole INTEGER, "a real" REAL, text TEXT, bytes BLOB,
  flag BOOLEAN, whatever)`;
const COLUMNS = ['id', 'whole', 'a real', 'text', 'bytes', 'flag', 'whatever'] as const;
type Row = Record<(typeof COLUMNS)[number], SqlValue>;

const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const real = fc.double({ noNaN: true });
const text = fc.string({ unit: 'binary' });
const bytes = fc.uint8Array({ maxLength: 12 });
const orNull = (arbitrary: fc.Arbitrary<SqlValue>) => fc.option(arbitrary, { nil: null });

const tables = (
  kinds: { readonly whatever: fc.Arbitrary<SqlValue> } & Partial<
    Record<'text' | 'a real', fc.Arbitrary<SqlValue>>
  >,
) =>
  fc
    .array(
      fc.record({
        whole: orNull(integer),
        'a real': orNull(kinds['a real'] ?? real),
        text: orNull(kinds.text ?? text),
        bytes: orNull(bytes),
        flag: orNull(fc.constantFrom(0n, 1n)),
        whatever: orNull(kinds.whatever),
      }),
      { maxLength: 6 },
    )
    .map((rows) => rows.map((row, index): Row => ({ id: BigInt(index), ...row })));

let target: TestTarget;
let folder: string;

beforeAll(async () => {
  target = await fileTarget();
  await target.run(SCHEMA);
  folder = path.join(target.folder, 'data');
});
afterAll(() => target[Symbol.asyncDispose]());

async function arrives(rows: readonly Row[], source: Source): Promise<void> {
  await using opened = target.open();
  await push(
    {
      source,
      target: opened,
      assetStore: openFolderStore({ folder: '', label: '', baseUrl: '', prefix: '' }),
      assetColumns: {},
      backups: undefined,
      howToMigrate: '',
    },
    'overwrite',
    startRun({ signal: new AbortController().signal, emit: () => undefined }),
  );
  const cells = COLUMNS.map(
    (name) =>
      `typeof("${name}"), CASE WHEN typeof("${name}") IN ('text','blob') THEN hex("${name}") ELSE "${name}" END`,
  );
  const stored = await target.rows(`SELECT ${cells.join(', ')} FROM zoo ORDER BY id`);
  expect(stored.map((row) => row.map(withoutSign))).toEqual(
    rows.map((row) => COLUMNS.flatMap((name) => asStored(row[name]))),
  );
}

function asStored(value: SqlValue): [string, SqlValue] {
  if (value === null) return ['null', null];
  if (typeof value === 'bigint') return ['integer', value];
  if (typeof value === 'number') return ['real', withoutSign(value)];
  const hex = Buffer.from(value as string)
    .toString('hex')
    .toUpperCase();
  return [typeof value === 'string' ? 'text' : 'blob', hex];
}

/** The two zeros are equal to SQLite, so one that was there before stays. */
function withoutSign(value: SqlValue): SqlValue {
  return Object.is(value, -0) ? 0 : value;
}

async function folderWith(name: string, content: string): Promise<Source> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await writeFile(path.join(folder, name), content);
  return openDataFolder({ path: folder, label: 'data', delimiter: ',' });
}

/** With a fraction or an exponent, so that a reader sees that it is no integer. */
function realText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const digits = String(value);
  return /[.e]|Infinity/.test(digits) ? digits : `${digits}.0`;
}

function json(value: SqlValue): string {
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? realText(value) : `"${value}"`;
  return JSON.stringify(value);
}

const jsonRow = (row: Row) =>
  `{${COLUMNS.map((name) => `${JSON.stringify(name)}:${json(row[name])}`).join(', ')}}`;

/** What JSON can say without a type: numbers that are finite, text, NULL. */
const jsonTables = tables({
  whatever: fc.oneof(integer, fc.double({ noNaN: true, noDefaultInfinity: true }), text),
});

test('ndjson', () =>
  fc.assert(
    fc.asyncProperty(jsonTables, fc.constantFrom('\n', '\r\n', '\n\n'), async (rows, end) => {
      await arrives(rows, await folderWith('zoo.ndjson', rows.map((row) => jsonRow(row) + end).join('')));
    }),
  ));

test('json', () =>
  fc.assert(
    fc.asyncProperty(jsonTables, fc.constantFrom(',', ' ,\n'), async (rows, comma) => {
      await arrives(rows, await folderWith('ZOO.JSON', `\ufeff[${rows.map(jsonRow).join(comma)}]\n`));
    }),
  ));

test('standard input', () =>
  fc.assert(
    fc.asyncProperty(
      jsonTables.filter((rows) => rows.length > 0),
      async (rows) => {
        const lines = rows.map((row) => `{"table":"Zoo","row":${jsonRow(row)}}\n`).join('');
        const input = Readable.from([Buffer.from(lines)]);
        await using opened = await openStandardInput(input, '-', new AbortController().signal);
        await arrives(rows, opened.source);
      },
    ),
  ));

test('csv', () =>
  fc.assert(
    fc.asyncProperty(tables({ whatever: text }), fc.constantFrom('\n', '\r\n'), async (rows, end) => {
      const lines = [
        COLUMNS.join(','),
        ...rows.map((row) => COLUMNS.map((name) => cell(row[name])).join(',')),
      ];
      await arrives(rows, await folderWith('zoo.csv', lines.map((line) => line + end).join('')));
    }),
  ));

function cell(value: SqlValue): string {
  if (value === null) return '';
  if (value instanceof Uint8Array) return `hex:${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'number') return realText(value);
  const plain = String(value);
  return /^$|[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** The engine itself reads the script: NUL ends it, and decimals are its own business. */
const sqlTables = tables({
  text: text.map((value) => value.replaceAll('\0', '')),
  'a real': fc.integer().map((value) => value / 8),
  whatever: fc.oneof(integer, bytes),
});

test('sql', () =>
  fc.assert(
    fc.asyncProperty(sqlTables, fc.boolean(), async (rows, isDump) => {
      const inserts = rows.map(
        (row) => `INSERT INTO zoo VALUES (${COLUMNS.map((name) => literal(row[name])).join(', ')});\n`,
      );
      const script = isDump
        ? ['PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n', `${SCHEMA};\n`, ...inserts, 'COMMIT;\n']
        : inserts;
      await arrives(rows, await folderWith('zoo.sql', script.join('')));
    }),
  ));

function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  if (typeof value === 'number') return realText(value);
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

test('plain objects', () =>
  fc.assert(
    fc.asyncProperty(
      // Where a column has no type, a whole number is an integer.
      tables({
        whatever: fc.oneof(
          integer,
          text,
          bytes,
          real.filter((value) => !Number.isSafeInteger(value)),
        ),
      }),
      fc.boolean(),
      async (rows, isGenerator) => {
        const given = isGenerator
          ? async function* () {
              yield* rows;
            }
          : rows;
        await arrives(rows, {
          label: 'seed',
          tables: seedTables([{ table: 'zoo', rows: given }], {
            label: 'seed',
            root: '/',
            signal: new AbortController().signal,
          }),
        });
      },
    ),
  ));
