import type { Home } from '../../../db/data/homes.ts';
import { backdrop } from '../backdrop.ts';
import { glass, window } from '../buildings/openings.ts';
import { awning, cornerLeaves, lounger } from '../buildings/outdoors.ts';
import { tiles, wall } from '../buildings/walls.ts';
import { pool } from '../nature/land-and-sea.ts';
import { blossom, palm, pot, shrub, tree } from '../nature/plants.ts';
import { lit, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';
import { diningSet, lampString } from './outdoor-things.ts';

export function backGarden(s: Sketch, { place, ordinal }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting, 270);
  palm(s, random.between(520, 640), 400, random.between(220, 290));
  wall(s, 0, 340, WIDTH, 90, palette.wall);
  s.rect(0, 334, WIDTH, 9, palette.stone);
  for (let x = 20; x < WIDTH; x += random.between(110, 190))
    blossom(s, x, 346, random.between(80, 130), 76, 70);
  s.rect(0, 424, WIDTH, HEIGHT, s.fade([lit(palette.grass, 0.1), shade(palette.grass, 0.16)]));
  for (let x = -200; x < WIDTH; x += 190)
    s.polygon(
      [
        [x + 150, 424],
        [x + 240, 424],
        [x + 210, HEIGHT],
        [x + 60, HEIGHT],
      ],
      '#ffffff',
      { opacity: 0.07 },
    );
  // Back of the house on one side, with a porch.
  wall(s, -20, 120, 300, 330, lit(palette.wall, 0.2));
  tiles(s, -60, 84, 366, 42, 30);
  window(s, 70, 160, 60, 74, { shutters: true });
  glass(s, 34, 290, 190, 160);
  s.rect(126, 290, 5, 160, lit(palette.wall, 0.6));
  awning(s, 16, 268, 232, 52);
  s.polygon(
    [
      [-20, 448],
      [360, 448],
      [430, 530],
      [-20, 530],
    ],
    lit(palette.stone, 0.3),
  );
  if (ordinal % 2) pool(s, [480, 800], 486, 590, 90);
  else {
    tree(
      s,
      random.between(760, 840),
      540,
      random.between(150, 180),
      palette.leaf,
      random.pick(['#f0a030', '#f2d04a']),
    );
    lounger(s, 540, 540, 110, palette.accent);
  }
  diningSet(s, random.between(150, 190), 518, 150);
  lampString(s, 270, 190, 700);
  for (const [x, size] of [
    [330, 50],
    [20, 56],
    [460, 40],
  ] as const)
    pot(s, x, 470, size, random.pick(['flower', 'leaf', 'agave']));
  for (const x of [870, 930, 820])
    shrub(s, x, 470 + random.between(0, 20), random.between(40, 60), random.pick([palette.leaf, '#9a86b8']));
  cornerLeaves(s, 930, HEIGHT + 30, 150, true);
}
