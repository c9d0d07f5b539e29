import type { Home } from '../../../db/data/homes.ts';
import { backdrop } from '../backdrop.ts';
import { glass } from '../buildings/openings.ts';
import { awning, leafShadow, lounger, pergola, railing, umbrella } from '../buildings/outdoors.ts';
import { tiles, wall } from '../buildings/walls.ts';
import { coffeeTable, sofa } from '../interiors/seats.ts';
import { blossom, palm, pot } from '../nature/plants.ts';
import { lit, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';
import { diningSet, lampString } from './outdoor-things.ts';

export function balcony(s: Sketch, { place, ordinal }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting, 330);
  for (let i = 0; i < 2; i++) palm(s, random.between(300, 820), 620, random.between(240, 330));
  paving(s, 524, random.pick([palette.stone, '#d9a582', '#dcd2c2']));
  railing(s, 0, 396, WIDTH, 132, (['glass', 'iron', 'glass'] as const)[ordinal % 3] as 'glass' | 'iron');
  // The door to the living room, and an awning above it all.
  wall(s, -20, 0, 230, 560, palette.wall);
  glass(s, 20, 130, 150, 420);
  s.rect(14, 122, 162, 8, lit(palette.wall, 0.6));
  s.rect(92, 130, 6, 420, lit(palette.wall, 0.6));
  s.rect(210, 0, 14, 560, '#2b3358', { opacity: 0.12 });
  awning(s, -10, -6, 990, random.between(54, 76));
  leafShadow(s, 130, 330, 120);
  for (let x = 260; x < 900; x += random.between(90, 200))
    blossom(s, x, 520, random.between(60, 110), 34, 36);
  if (random.chance(0.5)) sofa(s, 560, 588, 300, lit(palette.fabric, 0.2));
  else lounger(s, 650, 590, 170, palette.accent);
  diningSet(s, random.between(330, 380), 596, 130);
  for (const [x, size] of [
    [250, 74],
    [900, 84],
    [840, 56],
    [300, 48],
  ] as const)
    pot(s, x, random.between(556, 604), size, random.pick(['flower', 'leaf', 'agave']));
}

export function roofTerrace(s: Sketch, { kind, place, ordinal }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting, 330);
  const village = kind === 'pueblo';
  if (village)
    for (const [x, y] of [
      [80, 410],
      [420, 430],
      [700, 400],
    ] as const)
      tiles(s, x, y, 260, 50, 40);
  paving(s, 500, village ? '#cf8f6a' : random.pick([palette.stone, palette.wood, '#ded5c6']));
  railing(
    s,
    -10,
    village ? 430 : 404,
    WIDTH + 20,
    village ? 76 : 100,
    village ? 'wall' : ordinal % 2 ? 'glass' : 'iron',
  );
  for (let x = 20; x < WIDTH; x += random.between(120, 240))
    blossom(s, x, 500, random.between(60, 110), 36, 36);
  const [left, width] = [random.between(90, 130), random.between(350, 400)];
  pergola(s, left, 254, width, 276);
  if (random.chance(0.5))
    for (let x = left - 20; x < left + width; x += 36)
      blossom(s, x, 246 + random.between(-6, 10), 62, 38, 18);
  else
    s.polygon(
      [
        [left - 16, 250],
        [left + width * 0.8, 250],
        [left + width * 0.74, 266],
        [left - 10, 274],
      ],
      '#fdf6e8',
      { opacity: 0.85 },
    );
  sofa(s, left + 30, 562, width - 40, lit(palette.fabric, 0.2));
  coffeeTable(s, left + width * 0.32, 622, 170);
  if (ordinal % 2) {
    for (const x of [620, 780]) lounger(s, x, random.between(566, 590), 120, palette.accent);
    umbrella(s, 730, 556, 92, palette.cushion);
  } else {
    diningSet(s, 650, 590, 170);
    s.line('M575 540 V230', '#5a5560', 5);
  }
  lampString(s, left + width + 10, 262, WIDTH - left - width);
  for (const [x, size] of [
    [40, 78],
    [left + width + 50, 62],
    [900, 84],
    [850, 52],
  ] as const)
    pot(s, x, random.between(540, 572), size, random.pick(['flower', 'leaf', 'agave']));
}

function paving(s: Sketch, top: number, tone: string) {
  s.rect(0, top, WIDTH, HEIGHT - top, s.fade([lit(tone, 0.32), tone]));
  for (let i = -12; i <= 12; i++)
    s.line(`M${WIDTH / 2 + i * 62} ${top} L${WIDTH / 2 + i * 130} ${HEIGHT}`, shade(tone, 0.22), 1.3, {
      opacity: 0.4,
    });
  for (let dy = 10; top + dy < HEIGHT; dy *= 1.55)
    s.rect(0, top + dy, WIDTH, 1.3, shade(tone, 0.22), { opacity: 0.4 });
}
