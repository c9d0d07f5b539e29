/** Windows, doors and their lamps. */
import { pot } from '../nature/plants.ts';
import { lit, mix, shade } from '../palette.ts';
import type { Sketch } from '../sketch.ts';

const LAMPLIGHT = ['#fff0c0', '#ffcf85'];

export function glass(s: Sketch, x: number, y: number, width: number, height: number) {
  const { palette } = s;
  const sky = [
    mix(palette.sky[0] as string, '#2f5f78', 0.45),
    mix(palette.sky[2] as string, '#7fa7b5', 0.45),
  ];
  s.rect(x, y, width, height, s.fade(palette.lampsOn ? LAMPLIGHT : sky));
  s.polygon(
    [
      [x + width * 0.5, y],
      [x + width * 0.82, y],
      [x + width * 0.4, y + height],
      [x + width * 0.08, y + height],
    ],
    '#ffffff',
    { opacity: 0.16 },
  );
}

interface WindowStyle {
  shutters?: boolean;
  grille?: boolean;
  flowers?: boolean;
  arched?: boolean;
}

export function window(
  s: Sketch,
  x: number,
  y: number,
  width: number,
  height: number,
  style: WindowStyle = {},
) {
  const { palette } = s;
  const frame = lit(palette.wall, 0.6);
  if (style.shutters) {
    const leafWidth = width * 0.5;
    for (const left of [x - leafWidth - 3, x + width + 3]) {
      s.rect(left, y - 2, leafWidth, height + 4, left < x ? shade(palette.accent, 0.12) : palette.accent, {
        radius: 1,
      });
      for (let sy = y + 5; sy < y + height - 3; sy += 7)
        s.rect(left + 4, sy, leafWidth - 8, 2, shade(palette.accent, 0.35), { opacity: 0.55 });
    }
  }
  if (style.arched)
    s.path(
      `M${x - 5} ${y + 2} A${width / 2 + 5} ${width / 2 + 5} 0 0 1 ${x + width + 5} ${y + 2} Z`,
      palette.stone,
    );
  s.rect(x - 5, y - 5, width + 10, height + 10, frame);
  glass(s, x, y, width, height);
  s.rect(x, y, width, 6, '#2b3358', { opacity: 0.22 });
  s.rect(x + width / 2 - 1.5, y, 3, height, frame);
  s.rect(x, y + height * 0.45, width, 2.4, frame);
  s.rect(x - 8, y + height + 4, width + 16, 6, palette.stone);
  if (style.grille) {
    for (let gx = x - 2; gx <= x + width + 2; gx += width / 5)
      s.rect(gx - 1, y - 6, 2, height + 14, '#3b4254', { opacity: 0.8 });
    for (const gy of [y - 4, y + height * 0.5, y + height + 4])
      s.rect(x - 6, gy, width + 12, 2, '#3b4254', { opacity: 0.8 });
  }
  if (style.flowers) for (const dx of [0.12, 0.5, 0.88]) pot(s, x + width * dx, y + height + 10, 20);
}

export function door(s: Sketch, x: number, base: number, width: number, height: number, arched: boolean) {
  const { palette } = s;
  const arch = (grow: number) =>
    arched
      ? `M${x - grow} ${base} V${base - height} A${width / 2 + grow} ${width / 2 + grow} 0 0 1 ${x + width + grow} ${base - height} V${base} Z`
      : `M${x - grow} ${base} V${base - height - grow} H${x + width + grow} V${base} Z`;
  s.path(arch(9), palette.stone);
  s.path(arch(0), s.fade([shade(palette.accent, 0.22), palette.accent], 'right'));
  for (const column of [0.12, 0.56]) {
    for (const row of [0.1, 0.42, 0.72]) {
      s.rect(
        x + width * column,
        base - height + height * row,
        width * 0.32,
        height * 0.22,
        shade(palette.accent, 0.3),
        { opacity: 0.5, radius: 1 },
      );
    }
  }
  s.circle(x + width * 0.82, base - height * 0.45, 3, '#e8c877');
  s.rect(x - 14, base - 5, width + 28, 9, lit(palette.stone, 0.2));
  lantern(s, x + width + 26, base - height * 0.92);
}

export function lantern(s: Sketch, x: number, y: number) {
  if (s.palette.lampsOn) s.circle(x, y + 8, 46, s.glow('#ffd98e'), { opacity: 0.75 });
  s.rect(x - 6, y - 1, 12, 16, '#3b4254', { radius: 1 });
  s.rect(x - 3.5, y + 1, 7, 12, s.palette.lampsOn ? '#fff2c4' : '#f0e3c0');
  s.polygon(
    [
      [x - 7, y],
      [x, y - 8],
      [x + 7, y],
    ],
    '#3b4254',
  );
  s.rect(x - 5, y + 13, 10, 2, '#3b4254');
}
