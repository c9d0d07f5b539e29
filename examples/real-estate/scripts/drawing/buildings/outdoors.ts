/** What is fixed to a house, or stands in front of it. */

import { blossom, fronds } from '../nature/plants.ts';
import { lit, shade } from '../palette.ts';
import type { Sketch } from '../sketch.ts';
import { wall } from './walls.ts';

export function railing(
  s: Sketch,
  x: number,
  y: number,
  width: number,
  height: number,
  style: 'glass' | 'iron' | 'wall',
) {
  if (style === 'wall') {
    wall(s, x, y, width, height, s.palette.wall);
    s.rect(x - 3, y - 5, width + 6, 7, lit(s.palette.stone, 0.3), { radius: 2 });
  } else if (style === 'glass') {
    s.rect(x, y, width, height, '#d7eef0', { opacity: 0.42 });
    s.polygon(
      [
        [x + width * 0.55, y],
        [x + width * 0.75, y],
        [x + width * 0.6, y + height],
        [x + width * 0.4, y + height],
      ],
      '#ffffff',
      { opacity: 0.3 },
    );
    s.rect(x - 2, y - 3, width + 4, 4, '#f4f1ea');
  } else {
    for (let bx = x; bx <= x + width; bx += 8) s.rect(bx, y, 1.8, height, '#3b4254');
    s.rect(x - 2, y - 2, width + 4, 4, '#3b4254', { radius: 2 });
    s.rect(x - 2, y + height - 2, width + 4, 3, '#3b4254');
  }
}

export function awning(s: Sketch, x: number, y: number, width: number, drop: number) {
  const { accent } = s.palette;
  const stripes = Math.max(4, Math.round(width / 15));
  for (let i = 0; i < stripes; i++) {
    const [a, b] = [i / stripes, (i + 1) / stripes];
    s.polygon(
      [
        [x + width * a, y],
        [x + width * b, y],
        [x - 6 + (width + 12) * b, y + drop],
        [x - 6 + (width + 12) * a, y + drop],
      ],
      i % 2 ? '#fbf4e6' : accent,
    );
  }
  s.rect(x - 6, y + drop, width + 12, 14, '#2b3358', { opacity: 0.14 });
}

export function pergola(s: Sketch, x: number, y: number, width: number, height: number) {
  const { wood } = s.palette;
  for (const px of [x, x + width * 0.5, x + width])
    s.rect(px - 5, y, 10, height, s.fade([shade(wood, 0.2), wood], 'right'));
  for (let bx = x - 24; bx < x + width + 18; bx += 30)
    s.polygon(
      [
        [bx, y - 16],
        [bx + 9, y - 16],
        [bx + 15, y - 2],
        [bx + 6, y - 2],
      ],
      shade(wood, 0.16),
    );
  s.rect(x - 26, y - 6, width + 52, 11, wood, { radius: 2 });
  s.rect(x - 26, y - 6, width + 52, 3, lit(wood, 0.25));
}

export function umbrella(s: Sketch, x: number, base: number, size: number, colour: string) {
  s.ellipse(x - size * 0.3, base, size * 0.75, size * 0.1, '#2b3358', { opacity: 0.18, blur: 4 });
  s.rect(x - 2.5, base - size * 1.5, 5, size * 1.5, '#f1e8da');
  s.path(
    `M${x - size} ${base - size * 1.2} Q${x} ${base - size * 2.15} ${x + size} ${base - size * 1.2} Z`,
    s.fade([shade(colour, 0.12), lit(colour, 0.25)], 'right'),
  );
  s.path(
    `M${x - size * 0.35} ${base - size * 1.2} Q${x - size * 0.1} ${base - size * 1.9} ${x} ${base - size * 1.67} Q${x + size * 0.1} ${base - size * 1.9} ${x + size * 0.35} ${base - size * 1.2} Z`,
    '#ffffff',
    { opacity: 0.28 },
  );
}

export function lounger(s: Sketch, x: number, base: number, size: number, colour: string) {
  s.ellipse(x + size * 0.4, base + 2, size * 0.7, size * 0.08, '#2b3358', { opacity: 0.22, blur: 3 });
  for (const dx of [0.05, 0.85]) s.rect(x + size * dx, base - size * 0.2, 4, size * 0.2, s.palette.wood);
  s.polygon(
    [
      [x, base - size * 0.2],
      [x + size, base - size * 0.2],
      [x + size, base - size * 0.31],
      [x, base - size * 0.31],
    ],
    lit(colour, 0.5),
  );
  s.polygon(
    [
      [x, base - size * 0.31],
      [x - size * 0.36, base - size * 0.68],
      [x - size * 0.28, base - size * 0.75],
      [x + size * 0.12, base - size * 0.31],
    ],
    lit(colour, 0.35),
  );
  s.rect(x - size * 0.34, base - size * 0.74, size * 0.2, size * 0.1, colour, { radius: 3 });
}

/** Leaves near the eye, in a lower corner: they give the picture depth. */
export function cornerLeaves(s: Sketch, x: number, y: number, size: number, flowering: boolean) {
  fronds(s, x, y, size, shade(s.palette.leaf, 0.3));
  if (flowering) blossom(s, x, y - size * 0.1, size * 1.1, size * 0.55, 70);
}

/** The shadow of leaves that are outside the picture. */
export function leafShadow(s: Sketch, x: number, y: number, size: number) {
  s.group('opacity="0.1"', () => fronds(s, x, y, size, '#2b3358', { opacity: 1 }));
}
