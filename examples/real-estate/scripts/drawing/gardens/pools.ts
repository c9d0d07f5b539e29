import type { Home } from '../../../db/data/homes.ts';
import { backdrop } from '../backdrop.ts';
import { glass } from '../buildings/openings.ts';
import {
  awning,
  cornerLeaves,
  leafShadow,
  lounger,
  pergola,
  railing,
  umbrella,
} from '../buildings/outdoors.ts';
import { wall } from '../buildings/walls.ts';
import { sofa } from '../interiors/seats.ts';
import { pool } from '../nature/land-and-sea.ts';
import { agave, blossom, cypress, palm, pot, shrub } from '../nature/plants.ts';
import { lit, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';
import { hedge } from './outdoor-things.ts';

export function poolGarden(s: Sketch, { place }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting, 290);
  hedge(s, 412);
  for (let i = 0; i < 3; i++)
    palm(s, random.between(40 + i * 120, 120 + i * 120), 414, random.between(180, 290));
  s.rect(0, 408, WIDTH, HEIGHT, s.fade([palette.grass, shade(palette.grass, 0.14)]));
  // The corner of the house, with its porch.
  wall(s, 720, 210, 260, 218, palette.wall);
  s.rect(700, 198, 280, 15, lit(palette.wall, 0.5));
  glass(s, 756, 262, 180, 162);
  s.rect(844, 262, 5, 162, lit(palette.wall, 0.6));
  leafShadow(s, 780, 240, 90);
  s.polygon(
    [
      [520, 424],
      [WIDTH, 424],
      [WIDTH, 470],
      [440, 470],
    ],
    lit(palette.stone, 0.35),
  );
  pool(s, [190, 640], 470, random.between(596, 626), 110);
  for (const x of [random.between(560, 600), 690]) lounger(s, x, 458, 84, palette.cushion);
  umbrella(
    s,
    random.between(650, 676),
    452,
    random.between(64, 80),
    random.pick([palette.cushion, palette.accent, '#f3e2c2']),
  );
  for (const x of [710, 930]) pot(s, x, 446, 50, random.pick(['flower', 'leaf', 'agave']));
  blossom(s, 950, 240, 110, 170, 110);
  cornerLeaves(s, 30, HEIGHT + 20, 170, random.chance(0.6));
}

export function shadedPool(s: Sketch, { place }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting, 310);
  for (let i = 0; i < 5; i++) cypress(s, 40 + i * random.between(50, 64), 420, random.between(130, 220));
  hedge(s, 424);
  s.rect(0, 418, WIDTH, HEIGHT, s.fade([palette.grass, shade(palette.grass, 0.14)]));
  s.rect(0, 448, WIDTH, 40, lit(palette.stone, 0.35));
  pergola(s, 90, 268, 320, 190);
  for (let x = 60; x < 450; x += 34) blossom(s, x, 258 + random.between(-8, 8), 60, 40, 18);
  sofa(s, 100, 462, 304, lit(palette.fabric, 0.3));
  pool(s, [430, 860], 484, random.between(606, 630), 120);
  for (const x of [600, 740]) lounger(s, x, 476, 86, palette.accent);
  umbrella(s, 700, 470, random.between(66, 84), random.pick(['#f6ead2', palette.cushion]));
  palm(s, random.between(860, 920), 470, random.between(280, 350));
  for (const [x, size] of [
    [60, 54],
    [430, 48],
    [930, 52],
  ] as const)
    pot(s, x, 480, size, random.pick(['flower', 'leaf', 'agave']));
  for (const x of [60, 130, 210, 280]) agave(s, x, random.between(570, 600), random.between(30, 48));
  cornerLeaves(s, 20, HEIGHT + 24, 150, random.chance(0.5));
}

export function sharedPool(s: Sketch, { place }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting, 300);
  for (const [x, top] of [
    [-60, 150],
    [680, 120],
  ] as const) {
    wall(s, x, top, 340, 300, palette.wall);
    s.rect(x - 8, top - 10, 356, 13, lit(palette.wall, 0.5));
    for (let y = top + 20; y < 390; y += 74) {
      for (let i = 0; i < 3; i++) {
        glass(s, x + 24 + i * 106, y, 80, 52);
        railing(s, x + 18 + i * 106, y + 26, 92, 30, 'glass');
        if (random.chance(0.4)) awning(s, x + 20 + i * 106, y - 4, 88, 18);
      }
    }
  }
  hedge(s, 440);
  s.rect(0, 432, WIDTH, HEIGHT, s.fade([palette.grass, shade(palette.grass, 0.16)]));
  pool(s, [220, 760], 474, random.between(598, 622), 120);
  for (const x of [130, 830]) umbrella(s, x, 500, 60, palette.accent);
  for (const x of [70, 170, 800, 890]) lounger(s, x, 508, 70, palette.cushion);
  for (const x of [300, 470, 640]) palm(s, x + random.between(-30, 30), 446, random.between(200, 300));
  for (const x of [40, 110, 850, 930])
    shrub(
      s,
      x,
      random.between(580, 620),
      random.between(44, 64),
      random.pick([palette.flower, palette.leaf]),
    );
  cornerLeaves(s, 930, HEIGHT + 20, 150, true);
}
