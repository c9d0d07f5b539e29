/** What people sit, eat and sleep on. Every piece stands on `base`, its lower edge. */

import { lit, shade } from '../palette.ts';
import type { Sketch } from '../sketch.ts';
import { lampLight, vase } from './decor.ts';

export function sofa(s: Sketch, x: number, base: number, width: number, colour = s.palette.fabric) {
  ground(s, x, base, width);
  for (const dx of [20, width - 28]) s.rect(x + dx, base - 14, 8, 14, s.palette.wood);
  s.rect(x + 10, base - 118, width - 20, 80, s.fade([lit(colour, 0.12), shade(colour, 0.12)]), {
    radius: 16,
  });
  const seats = width > 300 ? 3 : 2;
  const seat = (width - 60) / seats;
  for (let i = 0; i < seats; i++) {
    s.rect(x + 30 + i * seat, base - 112, seat - 3, 62, lit(colour, 0.14), { radius: 12 });
    s.rect(x + 30 + i * seat, base - 62, seat - 3, 30, s.fade([lit(colour, 0.28), colour]), { radius: 9 });
  }
  s.rect(x + 8, base - 36, width - 16, 24, shade(colour, 0.16), { radius: 6 });
  for (const dx of [0, width - 34])
    s.rect(x + dx, base - 84, 34, 72, s.fade([lit(colour, 0.2), shade(colour, 0.08)]), { radius: 13 });
  cushion(s, x + 40, base - 104, 46, s.palette.cushion);
  cushion(s, x + 76, base - 96, 38, lit(s.palette.cushion, 0.55));
  if (seats === 3) cushion(s, x + width - 98, base - 102, 44, lit(s.palette.accent, 0.25));
}

function cushion(s: Sketch, x: number, y: number, size: number, colour: string) {
  s.path(
    `M${x} ${y + 4} Q${x + size / 2} ${y - 3} ${x + size} ${y + 4} Q${x + size + 3} ${y + size / 2} ${x + size} ${y + size} Q${x + size / 2} ${y + size + 4} ${x} ${y + size} Q${x - 3} ${y + size / 2} ${x} ${y + 4} Z`,
    s.fade([lit(colour, 0.15), shade(colour, 0.1)]),
  );
}

export function armchair(s: Sketch, x: number, base: number, colour: string) {
  ground(s, x, base, 120);
  for (const dx of [18, 96])
    s.line(`M${x + dx} ${base - 26} L${x + dx + (dx > 50 ? 6 : -6)} ${base}`, s.palette.wood, 6);
  s.path(
    `M${x + 12} ${base - 30} V${base - 110} Q${x + 60} ${base - 150} ${x + 108} ${base - 110} V${base - 30} Z`,
    s.fade([lit(colour, 0.15), shade(colour, 0.12)]),
  );
  s.rect(x + 18, base - 64, 84, 32, lit(colour, 0.24), { radius: 10 });
  for (const dx of [0, 100]) s.rect(x + dx, base - 80, 20, 56, shade(colour, 0.06), { radius: 9 });
}

export function coffeeTable(s: Sketch, x: number, base: number, width: number) {
  const { wood } = s.palette;
  ground(s, x, base, width);
  for (const at of [0.2, 0.8])
    s.line(
      `M${x + width * at} ${base - 42} L${x + width * (at < 0.5 ? 0.12 : 0.88)} ${base}`,
      shade(wood, 0.25),
      6,
    );
  s.ellipse(x + width / 2, base - 42, width / 2, 15, shade(wood, 0.18));
  s.ellipse(x + width / 2, base - 47, width / 2, 15, s.fade([lit(wood, 0.35), wood], 'right'));
  s.polygon(
    [
      [x + width * 0.2, base - 50],
      [x + width * 0.46, base - 55],
      [x + width * 0.54, base - 48],
      [x + width * 0.28, base - 43],
    ],
    s.palette.accent,
  );
  vase(s, x + width * 0.7, base - 47, 34);
}

export function bed(s: Sketch, x: number, base: number, width: number) {
  const { palette } = s;
  ground(s, x, base, width);
  s.rect(x - 12, base - 190, width + 24, 150, s.fade([lit(palette.wood, 0.2), shade(palette.wood, 0.1)]), {
    radius: 14,
  });
  for (let bx = x + 18; bx < x + width; bx += 34)
    s.rect(bx, base - 182, 2, 90, shade(palette.wood, 0.3), { opacity: 0.4 });
  s.rect(x, base - 84, width, 72, '#f4ede1', { radius: 12 });
  for (const at of [0.06, 0.54]) {
    s.rect(x + width * at, base - 136, width * 0.4, 62, s.fade(['#ffffff', '#e8e0d4']), { radius: 18 });
    s.rect(
      x + width * (at + 0.06),
      base - 116,
      width * 0.28,
      48,
      at < 0.5 ? palette.cushion : lit(palette.accent, 0.3),
      { radius: 14 },
    );
  }
  s.path(
    `M${x - 6} ${base - 66} Q${x + width / 2} ${base - 90} ${x + width + 6} ${base - 66} V${base - 8} Q${x + width / 2} ${base + 6} ${x - 6} ${base - 8} Z`,
    s.fade([lit(palette.fabric, 0.3), palette.fabric]),
  );
  s.path(
    `M${x - 6} ${base - 44} Q${x + width / 2} ${base - 66} ${x + width + 6} ${base - 44} V${base - 26} Q${x + width / 2} ${base - 46} ${x - 6} ${base - 26} Z`,
    palette.cushion,
    { opacity: 0.75 },
  );
  for (const [dx, lamp] of [
    [-96, true],
    [width + 26, false],
  ] as const) {
    s.rect(x + dx, base - 74, 70, 70, s.fade([palette.wood, shade(palette.wood, 0.2)], 'right'), {
      radius: 4,
    });
    s.rect(x + dx + 8, base - 62, 54, 22, lit(palette.wood, 0.15), { radius: 3 });
    if (lamp) {
      lampLight(s, x + dx + 35, base - 116);
      s.rect(x + dx + 32, base - 106, 6, 32, '#8a7a66');
      s.polygon(
        [
          [x + dx + 18, base - 142],
          [x + dx + 52, base - 142],
          [x + dx + 64, base - 100],
          [x + dx + 6, base - 100],
        ],
        '#fbeccb',
      );
    } else vase(s, x + dx + 35, base - 74, 30);
  }
}

export function diningTable(s: Sketch, x: number, base: number, width: number) {
  const { palette } = s;
  ground(s, x, base, width);
  for (const at of [0.1, 0.37, 0.64]) chair(s, x + width * at, base - 26, palette.fabric);
  for (const at of [0.08, 0.92]) s.rect(x + width * at - 6, base - 90, 12, 90, shade(palette.wood, 0.2));
  s.rect(x - 10, base - 100, width + 20, 15, s.fade([lit(palette.wood, 0.3), palette.wood], 'right'), {
    radius: 6,
  });
  s.rect(x + 4, base - 85, width - 8, 7, '#2b3358', { opacity: 0.2 });
  s.ellipse(x + width * 0.3, base - 102, 46, 8, lit(palette.accent, 0.4));
  for (const [dx, colour] of [
    [-22, '#f0a030'],
    [0, '#e9c23d'],
    [20, '#e58a3a'],
  ] as const)
    s.circle(x + width * 0.3 + dx, base - 112, 12, colour);
  vase(s, x + width * 0.7, base - 100, 44);
}

function chair(s: Sketch, x: number, base: number, colour: string) {
  const { wood } = s.palette;
  for (const dx of [4, 64]) s.rect(x + dx, base - 150, 7, 118, shade(wood, 0.1), { radius: 3 });
  s.rect(x, base - 156, 75, 44, s.fade([lit(colour, 0.2), shade(colour, 0.08)]), { radius: 9 });
  s.rect(x - 2, base - 72, 79, 14, colour, { radius: 5 });
}

export function ground(s: Sketch, x: number, base: number, width: number) {
  s.ellipse(x + width / 2 - 8, base + 2, width * 0.56, 11, '#2b3358', { opacity: 0.22, blur: 6 });
}
