/** Houses wall to wall: a modern row, a village front, a street of steps. */
import type { Home } from '../../../db/data/homes.ts';
import { backdrop } from '../backdrop.ts';
import { door, glass, window } from '../buildings/openings.ts';
import { awning, leafShadow, railing } from '../buildings/outdoors.ts';
import { gable, overhang, tiles, wall } from '../buildings/walls.ts';
import { blossom, palm, pot, shrub, tree } from '../nature/plants.ts';
import { lit, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';
import { GROUND, lawn } from './ground.ts';

export function terrace(s: Sketch, { place, ordinal }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting);
  lawn(s, GROUND - 10);
  const width = 236;
  const tones =
    ordinal % 2
      ? ['#f7e0c2', '#fbf5ea', '#f2cdb8']
      : [palette.wall, lit(palette.wall, 0.5), shade(palette.wall, 0.05)];
  const pitched = ordinal % 3 !== 2;
  const arched = ordinal % 4 > 1;
  for (let i = 0; i < 4; i++) {
    const x = -70 + i * (width + 12) + random.between(-4, 4);
    const top = 262 - (i % 2) * 20 + random.between(-8, 8);
    const tone = tones[i % 3] as string;
    wall(s, x, top, width, GROUND - top, tone);
    if (pitched) gable(s, x, top, width, 74, tone);
    else {
      s.rect(x - 5, top - 10, width + 10, 13, lit(tone, 0.4));
      railing(s, x + 14, top - 40, width - 28, 30, 'iron');
    }
    if (pitched) window(s, x + width / 2 - 17, top - 32, 34, 34, {});
    window(s, x + 40, top + 44, 52, 62, { shutters: true });
    // A balcony over the front door.
    glass(s, x + 146, top + 40, 60, 88);
    railing(s, x + 134, top + 92, 86, 40, random.chance(0.5) ? 'iron' : 'glass');
    s.rect(x + 130, top + 132, 94, 9, palette.stone);
    overhang(s, x + 134, top + 141, 90, 26);
    door(s, x + 152, GROUND, 48, 98, false);
    window(s, x + 34, GROUND - 108, 66, 60, { arched, grille: arched });
    if (!arched) awning(s, x + 22, GROUND - 122, 90, 24);
    s.rect(x + width, top - 6, 12, GROUND - top + 6, '#2b3358', { opacity: 0.16 });
  }
  // Front gardens behind a low wall, and the pavement.
  for (let x = -20; x < WIDTH; x += random.between(52, 84))
    shrub(s, x, GROUND + 8, random.between(30, 48), random.chance(0.25) ? palette.flower : palette.leaf);
  wall(s, 0, GROUND + 6, WIDTH, 36, lit(palette.wall, 0.3));
  s.rect(0, GROUND + 2, WIDTH, 8, palette.stone);
  s.rect(0, GROUND + 42, WIDTH, HEIGHT, s.fade([lit(palette.stone, 0.2), shade(palette.stone, 0.12)]));
  for (let x = -60; x < WIDTH; x += 90)
    s.line(`M${x + 40} ${GROUND + 42} L${x} ${HEIGHT}`, shade(palette.stone, 0.3), 1.4, { opacity: 0.5 });
  tree(s, random.between(120, 300), GROUND + 60, random.between(130, 160), palette.leaf, '#f0a030');
  palm(s, random.between(700, 880), GROUND + 70, random.between(330, 400));
}

export function villageHouse(s: Sketch, { place }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting, 300);
  const base = random.pick([palette.accent, palette.stone, shade(palette.roof, 0.05)]);
  const left = random.between(270, 310);
  const width = random.between(360, 420);
  // Neighbours, one lower and one higher: the street climbs.
  for (const [x, top, w] of [
    [left - 310, 300, 312],
    [left + width, 214, 420],
  ] as const) {
    wall(s, x, top, w, GROUND - top + 30, shade(palette.wall, 0.07), base);
    tiles(s, x - 10, top - 36, w + 20, 40, 18);
    for (let wx = x + 60; wx < x + w - 50; wx += 118)
      window(s, wx, top + 34, 46, 60, { grille: true, flowers: random.chance(0.6) });
    window(s, x + 60, GROUND - 92, 44, 50, { grille: true });
  }
  const top = random.between(196, 226);
  wall(s, left, top, width, GROUND - top + 30, palette.wall, base);
  if (random.chance(0.6)) {
    tiles(s, left - 14, top - 44, width + 28, 48, 22);
    overhang(s, left, top + 8, width, 22);
  } else {
    railing(s, left, top - 36, width, 38, 'wall');
    for (const x of [0.2, 0.5, 0.82]) pot(s, left + width * x, top - 38, 34, 'leaf');
  }
  window(s, left + 52, top + 62, 60, 82, { shutters: true, flowers: true });
  glass(s, left + width - 124, top + 56, 66, 110);
  for (const x of [left + width - 156, left + width - 56]) s.rect(x, top + 54, 30, 112, palette.accent);
  railing(s, left + width - 162, top + 116, 144, 52, 'iron');
  s.rect(left + width - 168, top + 168, 156, 9, palette.stone);
  for (const x of [0, 48, 96, 140]) pot(s, left + width - 160 + x, top + 124, 24);
  overhang(s, left + width - 166, top + 177, 150, 26);
  door(s, left + width * 0.5 - 34 + random.between(-30, 30), GROUND + 18, 74, 118, true);
  window(s, left + 46, GROUND - 110, 54, 74, { grille: true, flowers: true });
  // Bougainvillea over the corner, and a cobbled street.
  const vineX = left + width + random.between(-8, 24);
  s.line(`M${vineX} ${GROUND + 20} Q${vineX + 20} ${GROUND - 120} ${vineX - 20} ${top + 40}`, '#7b6350', 7);
  blossom(s, vineX - 10, top + 60, 150, 130, 130);
  blossom(s, vineX + 10, top + 170, 90, 140, 80);
  cobbles(s);
  for (const [x, size] of [
    [left + 14, 44],
    [left + width * 0.78, 52],
    [left - 60, 40],
    [left + width + 130, 48],
  ] as const)
    pot(s, x, GROUND + 34, size, random.pick(['flower', 'leaf', 'agave']));
  leafShadow(s, left + width * 0.4, top + 90, 120);
}

/** A street of steps between two houses, with the hill at its end. */
export function stairStreet(s: Sketch, { place, ordinal }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting, 270);
  const [foot, head] = [
    [250, 710],
    [400, 560],
  ] as const;
  // The house across the top of the steps.
  wall(s, 300, 226, 360, 180, shade(palette.wall, 0.08));
  tiles(s, 286, 190, 388, 42, 20);
  window(s, 350, 262, 40, 56, { grille: true, flowers: true });
  door(s, 448, 392, 56, 78, true);
  window(s, 570, 262, 40, 56, { shutters: true });
  for (let step = 0; step < 12; step++) {
    const at = step / 11;
    const y = 384 + at * at * 200;
    const next = 384 + ((step + 1) / 11) ** 2 * 200;
    const [x1, x2] = [head[0] + (foot[0] - head[0]) * at, head[1] + (foot[1] - head[1]) * at];
    s.rect(x1, y, x2 - x1, (next - y) * 0.55, lit(palette.stone, 0.4));
    s.rect(x1, y + (next - y) * 0.5, x2 - x1, (next - y) * 0.52, shade(palette.stone, 0.16));
  }
  // The two houses in front, each with its base colour, windows and pots.
  const base = random.pick([palette.accent, palette.stone, palette.roof]);
  for (const side of [-1, 1] as const) {
    const x = side < 0 ? -40 : 640;
    const top = side < 0 ? 176 : random.between(120, 150);
    const inner = side < 0 ? 320 : 640;
    wall(s, x, top, 360, HEIGHT - top, side < 0 ? palette.wall : lit(palette.wall, 0.3), undefined);
    s.polygon(
      [
        [inner, top + 6],
        [inner + side * -80, top + 74],
        [inner + side * -80, 420],
        [inner + side * 70 * -1, 470],
        [inner, 600],
      ],
      shade(palette.wall, side < 0 ? 0.2 : 0.12),
    );
    s.rect(x, 560, 360, 90, base, { opacity: 0.85 });
    tiles(s, x - 18, top - 38, 396, 44, 18);
    overhang(s, x, top + 8, 360, 20);
    window(s, x + 90, top + 60, 58, 84, { shutters: true, flowers: true });
    if (side < 0) window(s, x + 230, top + 74, 44, 62, { grille: true, flowers: true });
    else {
      glass(s, x + 218, top + 56, 60, 104);
      railing(s, x + 200, top + 110, 96, 50, 'iron');
      s.rect(x + 194, top + 160, 108, 9, palette.stone);
    }
    if (side < 0 === (ordinal % 2 === 0)) door(s, x + 130, 606, 76, 122, true);
    else window(s, x + 120, 430, 58, 80, { grille: true, flowers: true });
    leafShadow(s, x + 260, top + 200, 100);
  }
  const vine = random.pick([318, 644]);
  s.line(`M${vine} 620 Q${vine + 14} 420 ${vine - 6} 240`, '#7b6350', 7);
  blossom(s, vine, 220, 170, 150, 140);
  blossom(s, vine + 4, 330, 90, 150, 70);
  for (const [x, y, size] of [
    [366, 452, 26],
    [350, 488, 32],
    [594, 452, 26],
    [612, 490, 32],
    [322, 540, 42],
    [640, 542, 44],
  ] as const)
    pot(s, x, y, size, random.pick(['flower', 'flower', 'leaf']));
  s.rect(0, 606, WIDTH, 40, s.fade([lit(palette.stone, 0.1), shade(palette.stone, 0.12)]));
  for (const [x, size] of [
    [120, 52],
    [300, 60],
    [668, 60],
    [860, 54],
  ] as const)
    pot(s, x, 622, size, random.pick(['flower', 'leaf', 'agave']));
}

function cobbles(s: Sketch) {
  const { palette, random } = s;
  s.rect(0, GROUND + 18, WIDTH, HEIGHT, s.fade([lit(palette.stone, 0.1), shade(palette.stone, 0.16)]));
  for (let row = 0; row < 8; row++) {
    const y = GROUND + 24 + row * row * 1.6 + row * 3;
    for (let x = -10; x < WIDTH; x += 20 + row * 5) {
      s.ellipse(
        x + random.between(-4, 4),
        y,
        8 + row * 2,
        2.4 + row * 0.7,
        random.chance(0.5) ? shade(palette.stone, 0.16) : lit(palette.stone, 0.25),
        { opacity: 0.6 },
      );
    }
  }
}
