import { lit, shade } from '../palette.ts';
import type { Sketch } from '../sketch.ts';

/** A wall lit from the right, with an optional painted base. */
export function wall(
  s: Sketch,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
  base?: string,
) {
  s.rect(x, y, width, height, s.fade([shade(colour, 0.14), colour, lit(colour, 0.35)], 'right'));
  if (base) s.rect(x, y + height - 34, width, 34, base, { opacity: 0.85 });
}

/** The shadow that an overhang throws on the wall below it. */
export function overhang(s: Sketch, x: number, y: number, width: number, depth: number) {
  s.polygon(
    [
      [x, y],
      [x + width, y],
      [x + width - depth * 0.5, y + depth],
      [x, y + depth],
    ],
    '#2b3358',
    { opacity: 0.2 },
  );
}

/** A tiled roof seen from the front: wider at the eaves than at the ridge. */
export function tiles(s: Sketch, x: number, y: number, width: number, height: number, slope = 24) {
  const { roof } = s.palette;
  s.polygon(
    [
      [x + slope, y],
      [x + width - slope, y],
      [x + width, y + height],
      [x, y + height],
    ],
    s.fade([shade(roof, 0.16), roof, lit(roof, 0.18)], 'right'),
  );
  for (let row = 1; row < 4; row++) {
    const at = row / 4;
    s.rect(x + slope * (1 - at), y + height * at, width - slope * 2 * (1 - at), 1.6, shade(roof, 0.35), {
      opacity: 0.45,
    });
  }
  for (let tx = x + 6; tx < x + width - 3; tx += 13) {
    const top = x + slope + ((tx - x) / width) * (width - slope * 2);
    s.line(`M${top} ${y} L${tx} ${y + height}`, shade(roof, 0.3), 1.3, { opacity: 0.4 });
    s.circle(tx, y + height, 6, lit(roof, 0.12));
    s.circle(tx, y + height + 1, 3.4, shade(roof, 0.45));
  }
  s.rect(x + slope - 4, y - 4, width - slope * 2 + 8, 8, shade(roof, 0.1), { radius: 4 });
}

export function gable(s: Sketch, x: number, y: number, width: number, height: number, colour: string) {
  s.polygon(
    [
      [x, y],
      [x + width / 2, y - height],
      [x + width, y],
    ],
    s.fade([shade(colour, 0.1), lit(colour, 0.2)], 'right'),
  );
  const { roof } = s.palette;
  s.line(`M${x - 12} ${y + 5} L${x + width / 2} ${y - height - 5}`, shade(roof, 0.2), 13);
  s.line(`M${x + width / 2} ${y - height - 5} L${x + width + 12} ${y + 5}`, lit(roof, 0.08), 13);
}
