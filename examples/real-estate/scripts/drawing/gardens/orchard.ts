import type { Home } from '../../../db/data/homes.ts';
import { backdrop } from '../backdrop.ts';
import { pergola } from '../buildings/outdoors.ts';
import { pool } from '../nature/land-and-sea.ts';
import { agave, blossom, pot, shrub, tree } from '../nature/plants.ts';
import { lit, mix, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';
import { diningSet } from './outdoor-things.ts';

export function orchard(s: Sketch, { ordinal }: Home) {
  const { palette, random } = s;
  backdrop(s, 'sierra', 290);
  const land = random.pick(['#d6b98c', '#cbb287', '#d9bf98']);
  s.path(`M0 400 Q420 350 ${WIDTH} 408 V${HEIGHT} H0 Z`, s.fade([mix(palette.grass, land, 0.5), land]));
  const crown = random.pick([
    ['#93a283', undefined],
    ['#8d9f78', undefined],
    ['#e9b9c4', undefined],
    [palette.leaf, '#f0a030'],
  ] as const);
  for (let row = 0; row < 4; row++) {
    for (let x = -30 + (row % 2) * 40; x < WIDTH; x += 62 + row * 26) {
      if (row > 1 && x > 260 && x < 800) continue;
      tree(
        s,
        x + random.between(-8, 8),
        412 + row * 24 + row * row * 4,
        28 + row * 16,
        crown[0],
        row > 1 ? crown[1] : undefined,
      );
    }
  }
  // A stone water tank that serves as a pool, on a terrace held by a dry wall.
  s.rect(0, 470, WIDTH, 14, lit(palette.stone, 0.2));
  s.rect(0, 480, WIDTH, HEIGHT, s.fade([lit(land, 0.25), shade(land, 0.1)]));
  for (let x = 0; x < WIDTH; x += random.between(24, 40))
    s.rect(
      x,
      472,
      random.between(20, 34),
      10,
      random.chance(0.5) ? shade(palette.stone, 0.2) : palette.stone,
      { radius: 4 },
    );
  pool(s, [330, 720], 516, 600, 80);
  if (ordinal % 2) {
    pergola(s, 40, 330, 210, 184);
    for (let x = 20; x < 270; x += 30) blossom(s, x, 322, 54, 34, 18);
    diningSet(s, 90, 516, 120);
  } else {
    for (const x of [60, 270]) s.rect(x, 350, 12, 168, shade(palette.wood, 0.2), { radius: 4 });
    s.path('M66 400 Q168 520 276 400 Q168 476 66 400 Z', lit(palette.cushion, 0.25));
    tree(s, 66, 520, 150, crown[0], crown[1]);
  }
  tree(s, random.between(850, 900), 560, random.between(190, 220), crown[0], crown[1]);
  for (let x = 560; x < WIDTH; x += 42) shrub(s, x, random.between(622, 640), 36, '#9a86b8');
  for (const x of [300, 760]) pot(s, x, 530, 46, random.pick(['flower', 'agave']));
  agave(s, 60, 620, 60);
  agave(s, 130, 634, 40);
}
