/** Draws the three pictures of every home into `images/`. Running it twice gives the same bytes. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { type Home, homes } from '../db/data/homes.ts';
import { VIEWS } from '../db/data/images.ts';
import { randomFrom } from '../db/data/random.ts';
import { drawFacade } from './drawing/facades/facade.ts';
import { drawGarden } from './drawing/gardens/garden.ts';
import { drawInterior } from './drawing/interiors/interior.ts';
import { paletteFor } from './drawing/palette.ts';
import { HEIGHT, Sketch, WIDTH } from './drawing/sketch.ts';

const FOLDER = new URL('../images/', import.meta.url);
const DRAW = { fachada: drawFacade, interior: drawInterior, jardin: drawGarden };
const ZOOM = { fachada: [1, 1.14], interior: [1.14, 1.24], jardin: [1.02, 1.12] } as const;

const only = process.argv[2]; // part of a slug, to draw only some of them
if (!only) await rm(FOLDER, { recursive: true, force: true });
for (const home of homes.filter(({ slug }) => slug.includes(only ?? ''))) {
  await mkdir(new URL(`${home.slug}/`, FOLDER), { recursive: true });
  for (const view of VIEWS)
    await writeFile(new URL(`${home.slug}/${view}.webp`, FOLDER), await draw(home, view));
}

async function draw(home: Home, view: (typeof VIEWS)[number]): Promise<Buffer> {
  const palette = paletteFor(randomFrom(`palette:${home.slug}`)); // one house, one hour, one set of colours
  const random = randomFrom(`picture:${home.slug}/${view}`);
  const sketch = new Sketch(random, palette);
  DRAW[view](sketch, home);
  const [wide, close] = ZOOM[view];
  const svg = sketch.toSvg({
    mirrored: random.chance(0.5),
    zoom: random.between(wide, close),
    focusX: random.between(0.25, 0.75),
    focusY: random.between(0.75, 0.95),
  });
  const tint = { create: { width: WIDTH, height: HEIGHT, channels: 3, background: palette.tint } } as const;
  return sharp(Buffer.from(svg))
    .flatten({ background: '#ffffff' })
    .composite([{ input: tint, blend: 'multiply' }])
    .webp({ quality: 82, effort: 5, smartSubsample: true })
    .toBuffer();
}
