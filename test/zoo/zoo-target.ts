/**
 * Targets for the zoo. What is in them is read without any of our own code: from the server by plain HTTP requests, from
 * a file by the engine itself.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { startSqld } from 'local-cloud';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { openFileTarget } from '../../packages/overseed/src/target/file/open.ts';
import { openHranaTarget } from '../../packages/overseed/src/target/hrana/open.ts';
import type { Target } from '../../packages/overseed/src/target/target.ts';

/** The engine belongs to the package, not to the workspace. */
const Database = createRequire(new URL('../../packages/overseed/package.json', import.meta.url))(
  'libsql',
) as new (
  file: string,
) => EngineDatabase;

/** What we need of the engine. */
interface EngineDatabase {
  defaultSafeIntegers(on: boolean): void;
  exec(sql: string): void;
  prepare(sql: string): {
    run(args: readonly SqlValue[]): unknown;
    raw(on: boolean): { all(): unknown[] };
  };
  close(): void;
}

export interface ZooTarget extends AsyncDisposable {
  readonly kind: 'sqld' | 'file';
  readonly folder: string;
  open(): Target;
  /** Runs statements one by one, with foreign keys off. */
  run(statements: readonly { sql: string; args?: readonly SqlValue[] }[]): Promise<void>;
  rows(sql: string): Promise<SqlValue[][]>;
  /** Changes whenever anything is written, by the target's own count. */
  writeCount(): Promise<string>;
  /** Back to an empty database. */
  reset(): Promise<void>;
}

export async function sqldTarget(): Promise<ZooTarget> {
  const server = await startSqld();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-zoo-'));

  async function send(statements: readonly { sql: string; args?: readonly SqlValue[] }[]) {
    const requests = [{ sql: 'PRAGMA foreign_keys=off' }, ...statements].map(({ sql, args = [] }) => ({
      type: 'execute',
      stmt: { sql, args: args.map(toJson) },
    }));
    const response = await fetch(`${server.url}/v3/pipeline`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}` },
      body: JSON.stringify({ requests: [...requests, { type: 'close' }] }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    const { results } = (await response.json()) as { results: readonly PipelineResult[] };
    return results.slice(1, -1).map((result, index) => {
      if (result.type === 'error') throw new Error(`${result.error.message}: ${statements[index]?.sql}`);
      return result.response.result;
    });
  }

  const rows = async (sql: string) => {
    const [result] = await send([{ sql }]);
    return (result?.rows ?? []).map((row) => row.map(fromJson));
  };
  return {
    kind: 'sqld',
    folder,
    open: () =>
      openHranaTarget({
        url: server.url,
        token: server.token,
        variables: { url: 'ASTRO_DB_REMOTE_URL', token: 'ASTRO_DB_APP_TOKEN' },
      }),
    run: async (statements) => void (await send(statements)),
    rows,
    async writeCount() {
      const [result] = await send([{ sql: 'SELECT 1' }]);
      return String(result?.replication_index);
    },
    async reset() {
      const objects = await rows(
        `SELECT type, name FROM sqlite_schema WHERE type IN ('table','view','trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           AND name NOT LIKE 'libsql\\_%' ESCAPE '\\' AND name NOT IN (SELECT name FROM pragma_table_list WHERE type='shadow')
         ORDER BY type='table', sql LIKE 'CREATE VIRTUAL%' DESC`,
      );
      const triggers = objects.filter(([type]) => type === 'trigger');
      const others = objects.filter(([type]) => type !== 'trigger');
      await send(
        [...triggers, ...others].map(([type, name]) => ({
          sql: `DROP ${type} IF EXISTS "${String(name).replaceAll('"', '""')}"`,
        })),
      );
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function fileTarget(): Promise<ZooTarget> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-zoo-'));
  let number = 0;
  const file = () => path.join(folder, `target-${number}.db`);
  let observer = openDatabase(file());
  return {
    kind: 'file',
    folder,
    open: () => openFileTarget({ file: file(), label: 'target.db' }),
    async run(statements) {
      const database = openDatabase(file());
      for (const { sql, args = [] } of statements) database.prepare(sql).run(args);
      database.close();
    },
    async rows(sql) {
      const database = openDatabase(file());
      const rows = database.prepare(sql).raw(true).all() as SqlValue[][];
      database.close();
      return rows;
    },
    async writeCount() {
      return String(observer.prepare('PRAGMA data_version').raw(true).all());
    },
    async reset() {
      observer.close();
      number++;
      observer = openDatabase(file());
    },
    async [Symbol.asyncDispose]() {
      observer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A database of our own, with foreign keys off; `:memory:` is allowed. */
export function openDatabase(file: string): EngineDatabase {
  const database = new Database(file);
  database.defaultSafeIntegers(true);
  database.exec('PRAGMA foreign_keys=OFF');
  return database;
}

interface JsonValue {
  readonly type: string;
  readonly value?: string | number;
  readonly base64?: string;
}

type PipelineResult =
  | {
      readonly type: 'ok';
      readonly response: {
        readonly result: { readonly rows: readonly JsonValue[][]; readonly replication_index: string | null };
      };
    }
  | { readonly type: 'error'; readonly error: { readonly message: string } };

function toJson(value: SqlValue): JsonValue {
  if (value === null) return { type: 'null' };
  if (typeof value === 'bigint') return { type: 'integer', value: value.toString() };
  if (typeof value === 'number') return { type: 'float', value };
  if (typeof value === 'string') return { type: 'text', value };
  return { type: 'blob', base64: Buffer.from(value).toString('base64') };
}

function fromJson({ type, value, base64 }: JsonValue): SqlValue {
  if (type === 'integer') return BigInt(String(value));
  if (type === 'blob') return new Uint8Array(Buffer.from(base64 ?? '', 'base64'));
  return value ?? null;
}
