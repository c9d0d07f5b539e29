import { backdrop } from '../backdrop.ts';
import { door, window } from '../buildings/openings.ts';
import { pergola } from '../buildings/outdoors.ts';
import { tiles, wall } from '../buildings/walls.ts';
import { blossom, pot, shrub, tree } from '../nature/plants.ts';
import { lit, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';
import { GROUND } from './ground.ts';

export function farmhouse(s: Sketch) {
  const { palette, random } = s;
  backdrop(s, 'sierra', 320);
  const land = shade(random.pick(['#d9b98a', '#cfae86', '#c9b98a']), 0.04);
  s.path(`M0 440 Q320 400 ${WIDTH} 446 V${HEIGHT} H0 Z`, s.fade([lit(land, 0.2), land]));
  const olive = random.pick(['#8d9f78', '#93a283', '#7f9a72']);
  for (let row = 0; row < 3; row++) {
    for (let x = -20 + row * 17; x < WIDTH; x += 46 + row * 14)
      tree(s, x + random.between(-5, 5), 444 + row * 22, 18 + row * 7, olive);
  }
  s.path(
    `M0 ${GROUND - 14} Q480 ${GROUND - 40} ${WIDTH} ${GROUND - 10} V${HEIGHT} H0 Z`,
    s.fade([land, shade(land, 0.16)]),
  );
  const left = random.between(190, 240);
  const width = random.between(480, 540);
  const top = 360;
  const stone = random.chance(0.45);
  const skin = stone ? palette.stone : palette.wall;
  const wingLeft = left + (random.chance(0.5) ? 0 : width - 190);
  wall(s, left, top, width, GROUND - top, skin, stone ? undefined : palette.accent);
  wall(s, wingLeft, top - 70, 190, GROUND - top + 70, lit(skin, 0.15));
  if (stone) {
    for (let i = 0; i < 90; i++)
      s.rect(
        random.between(left, left + width - 30),
        random.between(top, GROUND - 10),
        random.between(14, 30),
        8,
        random.chance(0.5) ? shade(skin, 0.14) : lit(skin, 0.25),
        { radius: 4, opacity: 0.7 },
      );
  }
  s.rect(wingLeft + 120, top - 152, 30, 50, skin);
  s.rect(wingLeft + 115, top - 158, 40, 9, palette.roof);
  tiles(s, wingLeft - 16, top - 116, 222, 50, 30);
  tiles(s, left - 16, top - 40, width + 32, 46, 28);
  if (wingLeft === left || !stone) window(s, wingLeft + 72, top - 48, 44, 48, { shutters: true });
  for (let i = 0; i < 3; i++)
    window(s, left + 60 + (i * (width - 110)) / 2.6, top + 40, 46, 58, { shutters: !stone, grille: stone });
  door(s, left + width * 0.52, GROUND, 60, 88, true);
  // A porch of rough beams under a vine.
  const porchX = left + width * 0.3;
  pergola(s, porchX, GROUND - 122, width * 0.42, 122);
  for (let x = porchX - 20; x < porchX + width * 0.45; x += 26)
    blossom(s, x, GROUND - 132 + random.between(-4, 8), 46, 32, 16);
  s.polygon(
    [
      [left + width * 0.5, GROUND],
      [left + width * 0.5 + 90, GROUND],
      [left + width * 0.5 + 230, HEIGHT],
      [left + width * 0.5 - 130, HEIGHT],
    ],
    lit(land, 0.35),
  );
  for (const x of [left + 20, left + width - 20])
    pot(s, x, GROUND + 10, 50, random.pick(['flower', 'agave']));
  tree(s, random.between(70, 140), GROUND + 40, random.between(190, 230), olive);
  tree(s, random.between(800, 900), GROUND + 24, random.between(120, 160), palette.leaf, '#f2b632');
  for (let x = 640; x < WIDTH; x += 44) shrub(s, x, GROUND + random.between(50, 70), 34, '#9a86b8');
}
