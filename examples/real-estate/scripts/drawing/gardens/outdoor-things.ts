/** What stands about outside. */
import { pot, shrub } from '../nature/plants.ts';
import { lit, shade } from '../palette.ts';
import { type Sketch, WIDTH } from '../sketch.ts';

export function hedge(s: Sketch, base: number) {
  for (let x = -20; x < WIDTH + 30; x += s.random.between(40, 64)) {
    shrub(
      s,
      x,
      base,
      s.random.between(44, 74),
      s.random.pick([s.palette.leaf, s.palette.leaf, shade(s.palette.leaf, 0.15), s.palette.grass]),
    );
  }
}

/** A string of lamps from post to post. */
export function lampString(s: Sketch, x: number, y: number, width: number) {
  s.line(`M${x} ${y} Q${x + width / 2} ${y + 56} ${x + width} ${y}`, '#5a5560', 1.6);
  for (let at = 0.06; at < 1; at += 0.11) {
    const [lx, ly] = [x + width * at, y + 112 * at * (1 - at) + 5];
    if (s.palette.lampsOn) s.circle(lx, ly, 24, s.glow('#ffdf9a'), { opacity: 0.9 });
    s.circle(lx, ly, 4.5, s.palette.lampsOn ? '#fff3c9' : '#f7e7bd');
  }
}

export function diningSet(s: Sketch, x: number, base: number, width: number) {
  const { palette } = s;
  s.ellipse(x + width / 2, base, width * 0.62, 11, '#2b3358', { opacity: 0.2, blur: 5 });
  for (const [side, at] of [
    [1, -0.2],
    [-1, 1.2],
  ] as const) {
    const cx = x + width * at;
    s.line(
      `M${cx} ${base} L${cx + side * 4} ${base - 40} L${cx - side * 8} ${base - 92}`,
      shade(palette.wood, 0.15),
      5,
    );
    s.line(`M${cx + side * 44} ${base} V${base - 40}`, shade(palette.wood, 0.15), 5);
    s.rect(Math.min(cx, cx + side * 46), base - 47, 46, 10, palette.cushion, { radius: 4 });
  }
  s.line(`M${x + width * 0.5} ${base} V${base - 62}`, shade(palette.wood, 0.25), 8);
  s.rect(x, base - 70, width, 11, lit(palette.wood, 0.2), { radius: 5 });
  pot(s, x + width * 0.5, base - 70, 28);
  for (const at of [0.2, 0.78])
    s.rect(x + width * at, base - 88, 9, 18, '#dff0ee', { opacity: 0.75, radius: 2 });
}
