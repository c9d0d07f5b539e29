/** `astro dev` has the local database open, while a push replaces its rows. */
import { expect, test } from 'vitest';
import { closingQuery, FINAL_STATE } from '../support/closing-query.ts';
import { execute, localDatabase, query } from '../support/dump.ts';
import { freePort } from '../support/free-port.ts';
import { makeSite, type Site } from '../support/site.ts';

const CHANGED = 'Otra casa';
/** The pages of the example read the database once; this one reads it for every visitor. */
const TITLES = `
import { db, Properties } from 'astro:db';
export const GET = async () => Response.json(await db.select({ title: Properties.title }).from(Properties));
`;

async function startDev(site: Site) {
  const port = await freePort();
  const stop = new AbortController();
  let onReady = () => {};
  const ready = new Promise<void>((resolve) => {
    onReady = resolve;
  });
  let printed = '';
  const running = site.astro(`dev --port ${port} --host 127.0.0.1`, {
    signal: stop.signal,
    timeoutMs: 120_000,
    onOutput(text) {
      printed += text;
      if (printed.includes(`http://127.0.0.1:${port}`)) onReady();
    },
  });
  await Promise.race([ready, running]);
  return {
    /** How many of the 60 titles are the changed one. */
    async changedTitles(): Promise<number> {
      const response = await fetch(`http://127.0.0.1:${port}/titles.json`);
      const text = await response.text();
      expect(response.status, text).toBe(200);
      const rows = JSON.parse(text) as { title: string }[];
      expect(rows).toHaveLength(60);
      return rows.filter(({ title }) => title === CHANGED).length;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

const FORCE = 'db execute db/seed.ts --force';

async function openSite(journalMode: 'wal' | 'delete') {
  const site = await makeSite({ files: { 'src/pages/titles.json.ts': TITLES } });
  const dev = await startDev(site);
  expect(await dev.changedTitles()).toBe(0);
  await query(localDatabase(site.folder), `PRAGMA journal_mode=${journalMode}`);
  await execute(localDatabase(site.folder), `UPDATE Properties SET title='${CHANGED}'`);
  expect(await dev.changedTitles()).toBe(60);
  return { site, dev };
}

test('a push replaces the rows, and the next page shows them', async () => {
  const { site: opened, dev: started } = await openSite('delete');
  await using site = opened;
  await using dev = started;
  expect(await site.astro(FORCE)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await dev.changedTitles()).toBe(0);
  expect(await closingQuery(localDatabase(site.folder))).toEqual(FINAL_STATE);
});

// Without WAL, SQLite turns a reader away that comes in the very moment of a commit and does not wait, as Astro's.
test('P1: with WAL, every page that is asked for meanwhile is served, wholly old or wholly new', async () => {
  const { site: opened, dev: started } = await openSite('wal');
  await using site = opened;
  await using dev = started;
  let pushing = true;
  const seen = new Set<number>();
  const visitor = (async () => {
    while (pushing) seen.add(await dev.changedTitles());
  })();
  // It is awaited below; until then its failure must not count as unhandled.
  visitor.catch(() => undefined);
  const result = await site.astro(FORCE);
  pushing = false;
  await visitor;
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(result.stdout).toContain('Done in');
  expect(seen).toContain(60);
  expect([...seen].filter((count) => count !== 60 && count !== 0)).toEqual([]);
  expect(await dev.changedTitles()).toBe(0);
});
