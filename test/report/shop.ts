/** A project with rows and pictures worth a report: two states of a source, a real server, an emulated Cloudinary. */
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import sharp from 'sharp';
import { type CliProject, makeProject } from '../support/cli-project.ts';
import { query } from '../support/dump.ts';

const CONFIG = `import { defineConfig } from 'overseed';
export default defineConfig({
  source: 'seed.ts',
  targets: { staging: {} },
  assets: {
    store: { kind: 'cloudinary', prefix: 'shop' },
    tables: { homes: { from: 'images', path: 'photo', url: 'photoUrl', publicId: 'photoId', done: 'isUploaded' } },
  },
});`;

const SCHEMA = [
  `CREATE TABLE homes (id TEXT PRIMARY KEY, title TEXT NOT NULL, price REAL, rooms INTEGER, about TEXT, photo TEXT,
   photoUrl TEXT, photoId TEXT, isUploaded INTEGER)`,
  'CREATE TABLE agents (id INTEGER PRIMARY KEY, name TEXT NOT NULL, mail TEXT, apiToken TEXT, badge BLOB)',
  'CREATE TABLE visits (home TEXT NOT NULL, day TEXT NOT NULL)',
  'CREATE TABLE cities (name TEXT PRIMARY KEY, zone INTEGER) WITHOUT ROWID',
];

export const HOMES = 60;
/** Rows that would break out of a page that is put together carelessly. */
export const EVIL = `"><img src=x onerror=alert(1)></script><script>document.title='owned'</script> & \u202egnp.exe\u0000`;
/** What stands in rows and must not be in a report. */
export const ROW_SECRETS = ['tok-7c1f2e9a44', 'tok-0d3b51c8ee'];

const TOWNS = ['Marbella', 'Estepona', 'Ronda', 'Mijas', 'Nerja', 'Benahavís'];
const KINDS = ['Villa', 'Finca', 'Ático', 'Casa', 'Cortijo'];
const ABOUT =
  'Luminous and quiet, with a terrace over the valley and a garden of old olive trees. The kitchen was renewed, and the pool is heated from April to October.';

/** @param version of the source: the second differs from the first in every way that rows can */
function seed(version: 1 | 2): string {
  const isNew = version === 2;
  const homes = Array.from({ length: HOMES }, (_, index) => {
    const number = index + 1;
    const [kind, town] = [KINDS[index % KINDS.length], TOWNS[index % TOWNS.length]];
    const isChanged = isNew && number % 7 === 0;
    return {
      id: `home-${String(number).padStart(3, '0')}`,
      title: `${kind} in ${town}${isChanged ? ', reduced' : ''}`,
      price: 240_000 + number * 12_500 - (isChanged ? 15_000 : 0),
      rooms: isNew && number === 14 ? null : 2 + (number % 5),
      about: isNew && number === 21 ? ABOUT.replace('a garden', 'a large garden') : ABOUT,
      photo: `home-${String(number).padStart(3, '0')}.webp`,
    };
  });
  const more = { price: 1_250_000, rooms: 7, about: EVIL, photo: 'home-900.webp' };
  if (isNew) homes.splice(4, 2, { id: 'home-900', title: `New ${EVIL}`, ...more });
  const token = ROW_SECRETS[version - 1];
  const agents = [
    { id: 1, name: 'Ana', mail: 'ana@example.com', apiToken: token },
    { id: 2, name: isNew ? 'Luisa' : 'Luis', mail: `https://user:hunter2pass@example.com/${version}` },
  ];
  const visits = [
    { home: 'home-001', day: 'monday' },
    ...Array.from({ length: isNew ? 3 : 1 }, () => ({ home: 'home-002', day: 'friday' })),
  ];
  const cities = TOWNS.map((name, zone) => ({ name, zone: isNew && zone === 2 ? 9 : zone }));
  return `export default ${JSON.stringify({ homes, agents, visits, cities })};`;
}

/** A house on a hill under a sky of its own. */
function picture(number: number, isNew: boolean): Promise<Buffer> {
  const hue = (number * 47 + (isNew ? 180 : 0)) % 360;
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360">
<rect width="480" height="360" fill="hsl(${hue},45%,78%)"/><circle cx="${90 + (number % 5) * 70}" cy="80" r="34" fill="hsl(${hue + 30},80%,92%)"/>
<path d="M0 250 Q 160 ${170 + (number % 4) * 12} 480 260 V360 H0Z" fill="hsl(${hue + 80},30%,48%)"/>
<path d="M170 160 L250 100 L330 160Z" fill="hsl(${hue + 330},45%,45%)"/><rect x="190" y="160" width="120" height="100" fill="hsl(40,30%,${isNew ? 96 : 88}%)"/>
<rect x="240" y="200" width="28" height="60" fill="hsl(${hue},30%,35%)"/></svg>`),
  )
    .webp({ quality: 70 })
    .toBuffer();
}

export interface Shop extends AsyncDisposable {
  readonly cloud: LocalCloud;
  readonly project: CliProject;
  /** Puts a version of the source, with its pictures, where the project reads it. */
  use(version: 1 | 2): Promise<void>;
}

/** An empty target; nothing was pushed yet. */
export async function openShop(): Promise<Shop> {
  const cloud = await startLocalCloud();
  for (const sql of SCHEMA) await query(cloud.database, sql);
  const project = await makeProject({ 'overseed.config.ts': CONFIG }, cloud.env);
  return {
    cloud,
    project,
    async use(version) {
      const numbers = [...Array.from({ length: HOMES }, (_, index) => index + 1), 900];
      const isNew = version === 2;
      const pictures = await Promise.all(
        numbers
          .filter((number) => !isNew || number % 9 === 0 || number === 900)
          .map(async (number) => [
            `images/home-${String(number).padStart(3, '0')}.webp`,
            await picture(number, isNew),
          ]),
      );
      await project.write({ ...Object.fromEntries(pictures), 'seed.ts': seed(version) });
    },
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]();
      await cloud.stop();
    },
  };
}
