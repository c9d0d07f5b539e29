/** Lamps, pictures, rugs and plants. */

import { fronds, pot } from '../nature/plants.ts';
import { lit, mix, shade } from '../palette.ts';
import type { Sketch } from '../sketch.ts';
import { ground } from './seats.ts';

export function vase(s: Sketch, x: number, base: number, size: number) {
  const clay = lit(s.palette.cushion, 0.35);
  for (const [dx, dy] of [
    [-0.5, -1.9],
    [0.1, -2.2],
    [0.55, -1.8],
  ] as const) {
    s.line(
      `M${x} ${base - size} Q${x + dx * size * 0.3} ${base - size * 1.5} ${x + dx * size} ${base + dy * size}`,
      s.palette.leaf,
      2.4,
    );
    for (const step of [0, 0.2, 0.4])
      s.ellipse(
        x + dx * size * (1 - step * 0.6),
        base + dy * size * (1 - step * 0.32),
        6,
        4,
        lit(s.palette.leaf, step * 0.5),
      );
  }
  s.path(
    `M${x - size * 0.16} ${base - size} Q${x - size * 0.55} ${base - size * 0.4} ${x - size * 0.22} ${base} H${x + size * 0.22} Q${x + size * 0.55} ${base - size * 0.4} ${x + size * 0.16} ${base - size} Z`,
    s.fade([shade(clay, 0.15), lit(clay, 0.3)], 'right'),
  );
}

export function rug(s: Sketch, x: number, top: number, width: number, depth: number, round: boolean) {
  const tone = lit(s.palette.cushion, 0.62);
  const stripe = lit(s.palette.accent, 0.35);
  if (round) {
    for (const [share, colour] of [
      [1, tone],
      [0.86, lit(tone, 0.5)],
      [0.8, tone],
      [0.4, stripe],
      [0.34, tone],
    ] as const) {
      s.ellipse(x + width / 2, top + depth / 2, (width / 2) * share, (depth / 2) * share, colour);
    }
    return;
  }
  const slant = depth * 0.5;
  const band = (from: number, to: number, colour: string) =>
    s.polygon(
      [
        [x - slant * from, top + depth * from],
        [x + width + slant * from, top + depth * from],
        [x + width + slant * to, top + depth * to],
        [x - slant * to, top + depth * to],
      ],
      colour,
    );
  band(0, 1, tone);
  for (const at of [0.08, 0.22, 0.72, 0.86])
    band(at, at + 0.06, at > 0.2 && at < 0.8 ? lit(tone, 0.6) : stripe);
}

export function floorLamp(s: Sketch, x: number, base: number, height: number, style: 'arc' | 'tripod') {
  const shadeColour = '#f7ead0';
  if (style === 'arc') {
    s.rect(x - 24, base - 8, 48, 8, '#4a4a55', { radius: 3 });
    s.line(
      `M${x} ${base - 6} C${x} ${base - height * 1.2} ${x + 110} ${base - height * 1.2} ${x + 130} ${base - height * 0.78}`,
      '#4a4a55',
      4,
    );
    lampLight(s, x + 130, base - height * 0.72);
    s.path(
      `M${x + 96} ${base - height * 0.7} A34 34 0 0 1 ${x + 164} ${base - height * 0.7} Z`,
      lit(s.palette.cushion, 0.2),
    );
  } else {
    for (const dx of [-34, 0, 34])
      s.line(`M${x} ${base - height * 0.66} L${x + dx} ${base}`, s.palette.wood, 5);
    lampLight(s, x, base - height * 0.78);
    s.polygon(
      [
        [x - 26, base - height],
        [x + 26, base - height],
        [x + 42, base - height * 0.66],
        [x - 42, base - height * 0.66],
      ],
      s.fade([shadeColour, s.palette.lampsOn ? '#ffe2a0' : shade(shadeColour, 0.08)]),
    );
  }
}

export function lampLight(s: Sketch, x: number, y: number) {
  s.circle(x, y, 130, s.glow('#ffdf9a'), { opacity: s.palette.lampsOn ? 0.7 : 0.22 });
}

export function pendant(
  s: Sketch,
  x: number,
  drop: number,
  size: number,
  style: 'dome' | 'globe' | 'wicker',
) {
  s.rect(x - 1, 0, 2, drop, '#4a4a55');
  lampLight(s, x, drop + size * 0.5);
  if (style === 'globe') s.circle(x, drop + size * 0.4, size * 0.42, s.fade(['#fffaf0', '#f6e2b8']));
  else {
    const colour = style === 'dome' ? s.palette.accent : '#c9a06a';
    s.path(
      `M${x - size * 0.6} ${drop + size * 0.6} Q${x - size * 0.5} ${drop} ${x} ${drop} Q${x + size * 0.5} ${drop} ${x + size * 0.6} ${drop + size * 0.6} Z`,
      s.fade([shade(colour, 0.15), lit(colour, 0.2)], 'right'),
    );
    if (style === 'wicker')
      for (let i = -4; i <= 4; i++)
        s.line(
          `M${x + i * 2} ${drop + 2} L${x + (i / 4) * size * 0.56} ${drop + size * 0.6}`,
          shade(colour, 0.3),
          1.2,
          { opacity: 0.6 },
        );
    s.ellipse(x, drop + size * 0.6, size * 0.6, size * 0.08, '#ffeec2');
  }
}

export function painting(s: Sketch, x: number, y: number, width: number, height: number) {
  const { palette, random } = s;
  s.rect(x + 5, y + 6, width, height, '#2b3358', { opacity: 0.18, blur: 3 });
  s.rect(x - 5, y - 5, width + 10, height + 10, random.pick([palette.wood, '#fbf7ef', '#3f4250']));
  s.inside(`M${x} ${y} h${width} v${height} h${-width} Z`, () => {
    s.rect(x, y, width, height, lit(palette.fabric, 0.55));
    s.circle(
      x + width * random.between(0.3, 0.7),
      y + height * random.between(0.25, 0.45),
      width * random.between(0.14, 0.24),
      palette.cushion,
    );
    for (let i = 0; i < 3; i++) {
      const top = y + height * (0.5 + i * 0.16);
      s.path(
        `M${x} ${top} Q${x + width * random.between(0.2, 0.4)} ${top - height * 0.2} ${x + width * 0.55} ${top} T${x + width} ${top - height * random.between(0, 0.1)} V${y + height} H${x} Z`,
        [lit(palette.accent, 0.5), palette.accent, shade(palette.accent, 0.25)][i] as string,
      );
    }
  });
}

export function shelf(s: Sketch, x: number, y: number, width: number) {
  const { palette, random } = s;
  for (const row of [0, 74]) {
    s.rect(x, y + row, width, 8, palette.wood);
    s.rect(x, y + row + 8, width, 6, '#2b3358', { opacity: 0.12 });
    for (let bx = x + 8; bx < x + width * 0.56; ) {
      const [thick, tall] = [random.between(7, 13), random.between(30, 50)];
      s.rect(
        bx,
        y + row - tall,
        thick,
        tall,
        mix(
          random.pick([palette.accent, palette.cushion, palette.fabric, '#e9dfcf', '#6a7386']),
          '#ffffff',
          random.between(0, 0.3),
        ),
        { radius: 1 },
      );
      bx += thick + 1.5;
    }
    if (row) pot(s, x + width * 0.8, y + row, 40, 'leaf');
    else vase(s, x + width * 0.8, y, 26);
  }
}

export function plant(s: Sketch, x: number, base: number, height: number) {
  ground(s, x - 40, base, 80);
  fronds(s, x, base - height * 0.5, height * 0.52, s.palette.leaf);
  fronds(s, x, base - height * 0.38, height * 0.4, lit(s.palette.leaf, 0.12));
  const basket = '#cfa878';
  s.path(
    `M${x - 36} ${base - height * 0.3} Q${x - 44} ${base - 6} ${x - 26} ${base} H${x + 26} Q${x + 44} ${base - 6} ${x + 36} ${base - height * 0.3} Z`,
    s.fade([shade(basket, 0.2), lit(basket, 0.2)], 'right'),
  );
  for (let y = base - height * 0.24; y < base - 4; y += 9)
    s.rect(x - 37, y, 74, 1.6, shade(basket, 0.3), { opacity: 0.5 });
}
