/** What lies behind the house, by its surroundings. */
import type { Setting } from '../../db/data/places.ts';
import { ridge, sea } from './nature/land-and-sea.ts';
import { cypress, palm, tree } from './nature/plants.ts';
import { sky } from './nature/sky.ts';
import { lit, mix, shade } from './palette.ts';
import { HEIGHT, type Sketch, WIDTH } from './sketch.ts';

export function backdrop(s: Sketch, setting: Setting, horizon = 350) {
  const { palette, random } = s;
  const [far, middle, near] = palette.hills;
  sky(s, horizon);
  if (setting === 'mar') {
    ridge(s, horizon + 4, 46, far, horizon + 2);
    sea(s, horizon, HEIGHT);
  } else if (setting === 'golf') {
    ridge(s, horizon - 30, 110, far);
    ridge(s, horizon + 6, 60, middle);
    ridge(s, horizon + 50, 30, s.fade([mix(near, palette.grass, 0.6), palette.grass]));
    for (let i = 0; i < 9; i++)
      tree(
        s,
        random.between(0, WIDTH),
        horizon + random.between(36, 66),
        random.between(16, 30),
        shade(palette.leaf, 0.12),
      );
    const flagX = random.between(120, 380);
    s.ellipse(flagX, horizon + 78, 70, 9, lit(palette.grass, 0.3));
    s.line(`M${flagX} ${horizon + 78} v-44`, '#fdf8ee', 2.4);
    s.polygon(
      [
        [flagX, horizon + 34],
        [flagX + 22, horizon + 41],
        [flagX, horizon + 49],
      ],
      palette.cushion,
    );
  } else if (setting === 'pueblo') {
    ridge(s, horizon - 40, 150, far);
    ridge(s, horizon + 10, 80, middle);
    village(s, horizon + 50);
    ridge(s, horizon + 100, 40, near);
  } else if (setting === 'sierra') {
    ridge(s, horizon - 60, 180, far);
    ridge(s, horizon - 6, 110, mix(far, middle, 0.7));
    ridge(s, horizon + 40, 70, middle);
    ridge(s, horizon + 80, 40, near);
    for (let i = 0; i < 12; i++)
      cypress(s, random.between(0, WIDTH), horizon + random.between(64, 96), random.between(24, 52));
  } else {
    ridge(s, horizon - 20, 100, far);
    skyline(s, horizon + 60);
    for (let i = 0; i < 7; i++) palm(s, random.between(0, WIDTH), horizon + 90, random.between(70, 120));
  }
}

/** White cubes climbing a hill, with a bell tower. */
function village(s: Sketch, base: number) {
  const { palette, random } = s;
  const middle = random.between(220, 720);
  const wall = mix(palette.wall, palette.hills[0], 0.25);
  for (let row = 4; row >= 0; row--) {
    const y = base - row * 22;
    for (let x = middle - 230 + row * 38; x < middle + 230 - row * 38; x += random.between(30, 46)) {
      if (row === 4 && Math.abs(x - middle) < 30) belfry(s, x, y - 20, wall);
      const [width, height] = [random.between(30, 46), random.between(22, 36)];
      s.rect(x, y - height, width, height + 20, random.chance(0.4) ? shade(wall, 0.1) : wall);
      s.polygon(
        [
          [x - 2, y - height],
          [x + width / 2, y - height - 9],
          [x + width + 2, y - height],
        ],
        mix(palette.roof, palette.hills[0], 0.3),
      );
      s.rect(
        x + width * 0.35,
        y - height + 8,
        6,
        8,
        palette.lampsOn && random.chance(0.6) ? '#ffd890' : shade(wall, 0.45),
      );
    }
  }
}

function belfry(s: Sketch, x: number, base: number, wall: string) {
  s.rect(x, base - 74, 24, 90, lit(wall, 0.3));
  s.polygon(
    [
      [x - 3, base - 74],
      [x + 12, base - 96],
      [x + 27, base - 74],
    ],
    s.palette.roof,
  );
  s.path(`M${x + 7} ${base - 48} v-9 a5 5 0 0 1 10 0 v9 Z`, shade(wall, 0.5));
}

function skyline(s: Sketch, base: number) {
  const { palette, random } = s;
  for (const [depth, tone] of [
    [1, 0.55],
    [0, 0.25],
  ] as const) {
    for (let x = -20; x < WIDTH; ) {
      const width = random.between(44, 88);
      const height = random.between(60, 130) + depth * 44;
      const wall = mix(random.pick([palette.wall, '#f0d9c0', '#ead0c0']), palette.hills[0], tone);
      s.rect(x, base - height, width, height + 90, wall);
      s.rect(x, base - height, width * 0.3, height + 90, shade(wall, 0.12));
      s.rect(x - 2, base - height - 5, width + 4, 6, lit(wall, 0.3));
      for (let wy = base - height + 14; wy < base; wy += 20) {
        for (let wx = x + 9; wx < x + width - 10; wx += 17) {
          s.rect(wx, wy, 7, 10, palette.lampsOn && random.chance(0.5) ? '#ffd890' : shade(wall, 0.3), {
            opacity: 0.8,
          });
        }
      }
      x += width + random.between(-2, 6);
    }
  }
}
