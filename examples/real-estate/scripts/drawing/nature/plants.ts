import { lit, shade } from '../palette.ts';
import type { Sketch } from '../sketch.ts';

export function palm(s: Sketch, x: number, base: number, height: number) {
  const { random, palette } = s;
  const lean = random.between(-0.12, 0.16) * height;
  const top = [x + lean, base - height] as const;
  const width = Math.max(5, height * 0.045);
  s.ellipse(x - height * 0.12, base, height * 0.24, height * 0.03, shade(palette.grass, 0.6), {
    opacity: 0.3,
    blur: 3,
  });
  const trunk = `M${x} ${base} Q${x + lean * 0.1} ${base - height * 0.5} ${top[0]} ${top[1]}`;
  s.line(trunk, shade('#a5835f', 0.2), width);
  s.line(trunk, '#b8946c', width * 0.45);
  fronds(s, top[0], top[1], height * 0.4, palette.leaf);
}

export function fronds(
  s: Sketch,
  x: number,
  y: number,
  length: number,
  colour: string,
  style: { opacity?: number } = {},
) {
  const angles = [-172, -8, -200, 20, -150, -30, -128, -52, -105, -75];
  for (const [index, degrees] of angles.entries()) {
    const angle = ((degrees + s.random.between(-8, 8)) * Math.PI) / 180;
    const reach = length * s.random.between(0.82, 1.08);
    const [ex, ey] = [x + Math.cos(angle) * reach, y + Math.sin(angle) * reach * 0.75 + reach * 0.36];
    const [mx, my] = [x + Math.cos(angle) * reach * 0.55, y + Math.sin(angle) * reach * 0.8 - reach * 0.06];
    const fill = style.opacity
      ? colour
      : index % 3 === 0
        ? shade(colour, 0.25)
        : index % 3 === 1
          ? colour
          : lit(colour, 0.22);
    s.path(
      `M${x} ${y} Q${mx} ${my - reach * 0.1} ${ex} ${ey} Q${mx} ${my + reach * 0.12} ${x} ${y} Z`,
      fill,
      style,
    );
  }
}

export function cypress(s: Sketch, x: number, base: number, height: number) {
  const half = height * 0.11;
  const green = shade(s.palette.leaf, 0.28);
  const shape = (side: number) =>
    `M${x} ${base - height} C${x + side} ${base - height * 0.65} ${x + side * 1.3} ${base - height * 0.1} ${x} ${base}`;
  s.rect(x - 3, base - 12, 6, 14, '#7d644e');
  s.path(`${shape(half)} ${shape(-half).replace('M', 'L')} Z`, green);
  s.path(`${shape(half)} Z`, lit(green, 0.2));
}

/** A round crown in three tones; silver for an olive, deeper for a fig or a lemon. */
export function tree(s: Sketch, x: number, base: number, size: number, colour: string, fruit?: string) {
  const { random } = s;
  s.ellipse(x - size * 0.15, base, size * 0.7, size * 0.1, shade(colour, 0.7), { opacity: 0.28, blur: 4 });
  s.line(
    `M${x} ${base} Q${x - size * 0.1} ${base - size * 0.4} ${x + size * 0.06} ${base - size * 0.7}`,
    '#85694f',
    size * 0.13,
  );
  s.line(
    `M${x - size * 0.02} ${base - size * 0.4} L${x - size * 0.3} ${base - size * 0.75}`,
    '#85694f',
    size * 0.07,
  );
  const puffs = [
    [-0.38, 0.8, 0.34],
    [0.36, 0.82, 0.36],
    [0, 1.08, 0.42],
    [-0.1, 0.78, 0.38],
  ] as const;
  for (const [dx, dy, r] of puffs) s.circle(x + dx * size, base - dy * size, r * size, shade(colour, 0.22));
  for (const [dx, dy, r] of puffs)
    s.circle(x + (dx + 0.06) * size, base - (dy + 0.06) * size, r * size * 0.84, colour);
  for (const [dx, dy, r] of puffs)
    s.circle(x + (dx + 0.15) * size, base - (dy + 0.15) * size, r * size * 0.45, lit(colour, 0.25), {
      opacity: 0.8,
    });
  for (let i = 0; fruit && i < 13; i++) {
    s.circle(
      x + random.between(-0.6, 0.62) * size,
      base - random.between(0.6, 1.35) * size,
      size * 0.05,
      fruit,
    );
  }
}

export function shrub(s: Sketch, x: number, base: number, size: number, colour: string) {
  for (const [dx, r] of [
    [-0.55, 0.42],
    [0.5, 0.46],
    [0, 0.6],
  ] as const) {
    s.path(dome(x + dx * size, base, r * size), shade(colour, 0.18));
    s.path(dome(x + dx * size + r * size * 0.12, base, r * size * 0.78), colour);
  }
}

function dome(x: number, base: number, radius: number): string {
  return `M${x - radius} ${base} A${radius} ${radius} 0 0 1 ${x + radius} ${base} Z`;
}

export function agave(s: Sketch, x: number, base: number, size: number) {
  const colour = '#7fa58f';
  for (const degrees of [-165, -15, -145, -35, -122, -58, -90]) {
    const angle = (degrees * Math.PI) / 180;
    const [ex, ey] = [x + Math.cos(angle) * size, base + Math.sin(angle) * size];
    const [nx, ny] = [Math.sin(angle) * size * 0.09, -Math.cos(angle) * size * 0.09];
    s.polygon(
      [
        [x - nx, base - ny],
        [ex, ey],
        [x + nx, base + ny],
      ],
      degrees % 2 === 0 ? lit(colour, 0.15) : shade(colour, 0.15),
    );
  }
}

/** A cloud of petals over leaves, `width` by `height` around its middle. */
export function blossom(s: Sketch, x: number, y: number, width: number, height: number, petals = 70) {
  const { random, palette } = s;
  for (let i = 0; i < petals; i++) {
    const angle = random.between(0, 6.283);
    const reach = Math.sqrt(random.between(0, 1));
    const [px, py] = [x + Math.cos(angle) * reach * width * 0.5, y + Math.sin(angle) * reach * height * 0.5];
    const tone =
      i < petals * 0.4
        ? shade(palette.leaf, random.between(0, 0.3))
        : random.pick([palette.flower, shade(palette.flower, 0.15), lit(palette.flower, 0.3)]);
    s.circle(px, py, random.between(4, 9), tone);
  }
}

export function pot(
  s: Sketch,
  x: number,
  base: number,
  size: number,
  plant: 'flower' | 'leaf' | 'agave' = 'flower',
) {
  const clay = '#c67a52';
  s.ellipse(x - size * 0.12, base, size * 0.5, size * 0.09, '#3a3350', { opacity: 0.22, blur: 2 });
  if (plant === 'agave') agave(s, x, base - size * 0.62, size * 0.75);
  else if (plant === 'leaf') fronds(s, x, base - size * 0.7, size * 0.9, s.palette.leaf);
  else blossom(s, x, base - size * 0.95, size * 0.95, size * 0.7, 26);
  s.polygon(
    [
      [x - size * 0.36, base - size * 0.66],
      [x + size * 0.36, base - size * 0.66],
      [x + size * 0.25, base],
      [x - size * 0.25, base],
    ],
    s.fade([shade(clay, 0.2), lit(clay, 0.12)], 'right'),
  );
  s.rect(x - size * 0.4, base - size * 0.72, size * 0.8, size * 0.12, lit(clay, 0.12), { radius: 2 });
}
