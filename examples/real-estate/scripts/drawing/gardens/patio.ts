import type { Home } from '../../../db/data/homes.ts';
import { backdrop } from '../backdrop.ts';
import { door, lantern, window } from '../buildings/openings.ts';
import { leafShadow } from '../buildings/outdoors.ts';
import { overhang, tiles, wall } from '../buildings/walls.ts';
import { blossom, pot, tree } from '../nature/plants.ts';
import { lit, mix, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';

export function patio(s: Sketch, { place, ordinal }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting, 190);
  wall(s, 0, 120, WIDTH, 360, palette.wall, random.chance(0.6) ? palette.accent : undefined);
  tiles(s, -20, 84, WIDTH + 40, 44, 10);
  overhang(s, 0, 130, WIDTH, 26);
  // A gallery of arches, or a door between windows; pots all over the wall.
  if (ordinal % 2) {
    for (let i = 0; i < 3; i++) {
      const x = 70 + i * 178;
      s.path(`M${x} 480 V300 A70 70 0 0 1 ${x + 140} 300 V480 Z`, palette.stone);
      s.path(
        `M${x + 10} 480 V302 A60 60 0 0 1 ${x + 130} 302 V480 Z`,
        s.fade(
          palette.lampsOn ? ['#d99a62', '#ffdc9c'] : [shade(palette.wall, 0.5), shade(palette.wall, 0.26)],
        ),
      );
    }
    window(s, 690, 220, 60, 84, { grille: true, flowers: true });
  } else {
    door(s, 150, 478, 92, 150, true);
    window(s, 350, 250, 62, 92, { shutters: true, flowers: true });
    window(s, 560, 190, 52, 66, { grille: true, flowers: true });
  }
  const blue = random.pick(['#3f74b5', '#2f8f8a', '#c67a52']);
  for (let i = 0; i < 16; i++) {
    const [x, y] = [
      640 + (i % 5) * 66 + random.between(-10, 10),
      340 + Math.floor(i / 5) * 42 + random.between(-8, 8),
    ];
    if (x > 900 && y < 360) continue;
    s.rect(x - 10, y - 18, 20, 18, blue, { radius: 3 });
    blossom(s, x, y - 26, 40, 26, 16);
  }
  const vine = random.between(820, 880);
  s.line(`M${vine} 490 Q${vine + 30} 330 ${vine - 30} 150`, '#7b6350', 8);
  blossom(s, vine - 60, 160, 320, 110, 210);
  checkered(s, 480, palette.stone, mix(palette.roof, palette.stone, 0.5));
  fountain(s, random.between(430, 500), 596, blue);
  tree(
    s,
    random.between(130, 210),
    560,
    random.between(150, 176),
    palette.leaf,
    random.pick(['#f2d04a', '#f0a030']),
  );
  for (const [x, y, size] of [
    [40, 560, 58],
    [290, 530, 44],
    [700, 540, 56],
    [760, 556, 46],
    [880, 570, 64],
    [820, 530, 40],
  ] as const)
    pot(s, x, y, size, random.pick(['flower', 'leaf', 'agave', 'flower']));
  lantern(s, 300, 210);
  leafShadow(s, 460, 230, 120);
}

function checkered(s: Sketch, top: number, light: string, dark: string) {
  s.rect(0, top, WIDTH, HEIGHT - top, lit(light, 0.25));
  const edges = [0, 14, 34, 62, 100, 160];
  for (let row = 0; row < edges.length - 1; row++) {
    const [a, b] = [edges[row] as number, edges[row + 1] as number];
    for (let i = -12; i < 12; i++) {
      if ((i + row) % 2) continue;
      const at = (column: number, dy: number) => WIDTH / 2 + column * 70 * (1 + dy / 150);
      s.polygon(
        [
          [at(i, a), top + a],
          [at(i + 1, a), top + a],
          [at(i + 1, b), top + b],
          [at(i, b), top + b],
        ],
        dark,
        { opacity: 0.55 },
      );
    }
  }
}

function fountain(s: Sketch, x: number, base: number, tile: string) {
  const stone = lit(s.palette.stone, 0.3);
  s.ellipse(x - 16, base + 4, 150, 18, '#2b3358', { opacity: 0.22, blur: 6 });
  s.path(
    `M${x - 120} ${base - 46} Q${x - 112} ${base} ${x} ${base + 4} Q${x + 112} ${base} ${x + 120} ${base - 46} Z`,
    s.fade([shade(stone, 0.14), lit(stone, 0.3)], 'right'),
  );
  for (let i = -4; i <= 4; i++)
    s.rect(x + i * 22 - 7, base - 30, 14, 14, i % 2 ? tile : lit(tile, 0.5), { opacity: 0.85, radius: 2 });
  s.ellipse(x, base - 46, 124, 17, lit(stone, 0.4));
  s.ellipse(x, base - 46, 110, 12, '#7fc5cf');
  s.rect(x - 9, base - 120, 18, 76, s.fade([shade(stone, 0.15), lit(stone, 0.3)], 'right'));
  s.path(`M${x - 46} ${base - 126} Q${x} ${base - 96} ${x + 46} ${base - 126} Z`, stone);
  s.ellipse(x, base - 126, 46, 7, '#9bd5da');
  for (const side of [-1, 1])
    s.line(
      `M${x} ${base - 152} Q${x + side * 30} ${base - 160} ${x + side * 34} ${base - 126} M${x + side * 44} ${base - 124} Q${x + side * 62} ${base - 100} ${x + side * 66} ${base - 48}`,
      '#e4f6f6',
      2.6,
      { opacity: 0.8 },
    );
}
