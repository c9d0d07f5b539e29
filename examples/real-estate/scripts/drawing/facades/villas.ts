import type { Home } from '../../../db/data/homes.ts';
import { backdrop } from '../backdrop.ts';
import { glass, window } from '../buildings/openings.ts';
import { leafShadow, railing, umbrella } from '../buildings/outdoors.ts';
import { overhang, tiles, wall } from '../buildings/walls.ts';
import { pool } from '../nature/land-and-sea.ts';
import { blossom, cypress, palm, pot, shrub } from '../nature/plants.ts';
import { lit, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';
import { GROUND, lawn } from './ground.ts';

export function modernVilla(s: Sketch, { place }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting);
  palm(s, random.between(60, 130), GROUND - 8, random.between(260, 340));
  for (let i = 0; i < 3; i++) cypress(s, random.between(800, 930), GROUND - 4, random.between(120, 200));
  lawn(s, GROUND - 22);
  const left = random.between(170, 220);
  const width = random.between(540, 600);
  const upper = random.between(0.5, 0.64);
  // Ground floor: stone, then glass from floor to ceiling.
  wall(s, left, 390, width, GROUND - 390, palette.stone);
  for (let y = 398; y < GROUND; y += 14)
    s.rect(left, y, 110, 1.6, shade(palette.stone, 0.35), { opacity: 0.5 });
  const panes = random.integer(4, 6);
  const paneWidth = (width - 150) / panes;
  for (let i = 0; i < panes; i++) glass(s, left + 124 + i * paneWidth, 398, paneWidth - 6, GROUND - 398);
  overhang(s, left, 390, width, 40);
  // Upper floor: a white box that reaches out over the terrace.
  const boxLeft = left + (random.chance(0.5) ? -46 : width * (1 - upper) + 40);
  const boxWidth = width * upper;
  const boxTop = random.between(238, 258);
  wall(s, boxLeft, boxTop, boxWidth, 140, palette.wall);
  const slats = boxWidth * 0.3;
  s.rect(boxLeft + 20, boxTop + 18, slats, 104, shade(palette.wood, 0.1));
  for (let x = boxLeft + 24; x < boxLeft + 20 + slats; x += 9)
    s.rect(x, boxTop + 18, 3, 104, lit(palette.wood, 0.25));
  glass(s, boxLeft + slats + 40, boxTop + 22, boxWidth - slats - 62, 100);
  s.rect(boxLeft + slats + 40 + (boxWidth - slats - 62) / 2, boxTop + 22, 4, 100, palette.wall);
  railing(s, boxLeft + slats + 34, boxTop + 84, boxWidth - slats - 50, 38, 'glass');
  s.rect(boxLeft - 12, boxTop - 12, boxWidth + 24, 14, lit(palette.wall, 0.5));
  s.rect(boxLeft - 12, boxTop + 138, boxWidth + 24, 10, shade(palette.wall, 0.18));
  s.rect(left - 20, 380, width + 40, 13, lit(palette.wall, 0.3));
  leafShadow(s, boxLeft + boxWidth * 0.75, boxTop + 60, 90);
  // Deck and water.
  s.rect(0, GROUND - 2, WIDTH, 26, lit(palette.stone, 0.35));
  pool(s, [left + 60, left + width - 40], GROUND + 34, HEIGHT - 8, 90);
  umbrella(s, left + width + 44, GROUND + 26, 48, palette.cushion);
  for (const x of [left - 40, left - 90]) shrub(s, x, GROUND + 6, random.between(44, 62), palette.leaf);
  pot(s, left + width - 6, GROUND + 6, 46, 'agave');
  palm(s, random.between(880, 930), GROUND + 30, random.between(300, 380));
}

export function mediterraneanVilla(s: Sketch, { place }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting);
  for (let i = 0; i < 3; i++) cypress(s, random.between(40, 190), GROUND - 8, random.between(160, 270));
  lawn(s, GROUND - 14);
  const left = random.between(200, 250);
  const width = random.between(500, 560);
  const top = random.between(262, 290);
  const towerLeft = left + (random.chance(0.5) ? -30 : width - 120);
  wall(s, towerLeft, top - 66, 150, GROUND - top + 66, lit(palette.wall, 0.2));
  tiles(s, towerLeft - 16, top - 116, 182, 54, 52);
  window(s, towerLeft + 52, top - 38, 46, 56, { arched: true });
  wall(s, left, top, width, GROUND - top, palette.wall);
  tiles(s, left - 22, top - 52, width + 44, 58, 46);
  overhang(s, left, top + 8, width, 20);
  const bays = random.integer(3, 4);
  for (let i = 0; i < bays; i++)
    window(s, left + 56 + (i * (width - 110)) / (bays - 0.4), top + 20, 46, 48, { shutters: true });
  // The porch: arches over a deep shade.
  const arches = random.integer(3, 4);
  const archWidth = (width * 0.72) / arches;
  const porchLeft = left + width * 0.06;
  const spring = 446;
  wall(
    s,
    porchLeft - 16,
    spring - 56,
    archWidth * arches + 32,
    GROUND - spring + 56,
    lit(palette.wall, 0.35),
  );
  tiles(s, porchLeft - 30, spring - 80, archWidth * arches + 60, 26, 16);
  for (let i = 0; i < arches; i++) {
    const [a, w] = [porchLeft + i * archWidth + 9, archWidth - 18];
    s.path(
      `M${a} ${GROUND} V${spring} A${w / 2} ${Math.min(w / 2, 44)} 0 0 1 ${a + w} ${spring} V${GROUND} Z`,
      s.fade(
        palette.lampsOn ? ['#e9a765', '#ffdc9c'] : [shade(palette.wall, 0.55), shade(palette.wall, 0.32)],
      ),
    );
    s.rect(
      a + w * 0.24,
      spring - 2,
      w * 0.52,
      GROUND - spring,
      palette.lampsOn ? '#fff0c6' : shade(palette.wall, 0.62),
      { opacity: 0.8 },
    );
  }
  blossom(s, porchLeft - 12, spring - 30, 90, 160, 120);
  s.polygon(
    [
      [left - 60, GROUND],
      [left + width + 60, GROUND],
      [left + width + 110, HEIGHT],
      [left - 130, HEIGHT],
    ],
    s.fade([lit(palette.stone, 0.3), palette.stone]),
  );
  if (random.chance(0.6)) pool(s, [left + 90, left + width - 60], GROUND + 40, HEIGHT - 6, 80);
  for (const x of [porchLeft - 30, porchLeft + archWidth * arches + 30]) pot(s, x, GROUND + 10, 50);
  leafShadow(s, left + width - 60, top + 120, 110);
  palm(s, random.between(840, 910), GROUND + 16, random.between(330, 420));
  for (const x of [left - 96, left - 150, left + width + 90])
    shrub(s, x, GROUND + 24, random.between(48, 70), palette.leaf);
}
