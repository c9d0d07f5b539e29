import { pot } from '../nature/plants.ts';
import { lit, mix, shade } from '../palette.ts';
import type { Sketch } from '../sketch.ts';
import { vase } from './decor.ts';

export function kitchen(s: Sketch, x: number, base: number, width: number) {
  const { palette } = s;
  const front = palette.accent;
  s.rect(x, base - 180, width, 62, lit(palette.wall, 0.2));
  for (let tx = x; tx < x + width; tx += 31)
    for (let ty = base - 180; ty < base - 120; ty += 31)
      s.rect(
        tx + 1.5,
        ty + 1.5,
        28,
        28,
        mix(palette.wall, palette.accent, (tx * 7 + ty) % 3 < 1 ? 0.22 : 0.1),
        { radius: 2 },
      );
  s.rect(x, base - 106, width, 106, s.fade([front, shade(front, 0.18)]));
  for (let cx = x + 6; cx < x + width - 20; cx += 74) {
    s.rect(cx, base - 96, 66, 86, lit(front, 0.1), { radius: 3 });
    s.rect(cx + 24, base - 86, 20, 4, '#e7cf9a', { radius: 2 });
  }
  s.rect(x - 8, base - 118, width + 16, 13, '#f7f1e6', { radius: 3 });
  pot(s, x + 40, base - 118, 40, 'leaf');
  vase(s, x + width - 50, base - 118, 32);
  s.rect(x + 20, base - 260, width - 40, 8, palette.wood);
  for (let i = 0; i < 6; i++)
    s.rect(
      x + 36 + i * 40,
      base - 260 - 24 - (i % 3) * 6,
      24,
      24 + (i % 3) * 6,
      [palette.cushion, '#fbf4e6', lit(palette.accent, 0.4)][i % 3] as string,
      { radius: 5 },
    );
}

export function fireplace(s: Sketch, x: number, base: number) {
  const { palette } = s;
  s.polygon(
    [
      [x + 26, 0],
      [x + 174, 0],
      [x + 200, base - 190],
      [x, base - 190],
    ],
    s.fade([shade(palette.room, 0.1), lit(palette.room, 0.5)], 'right'),
  );
  s.rect(x - 14, base - 198, 228, 20, palette.wood, { radius: 3 });
  s.rect(x, base - 178, 200, 178, s.fade([palette.stone, lit(palette.stone, 0.3)], 'right'));
  s.path(`M${x + 34} ${base} V${base - 96} A66 46 0 0 1 ${x + 166} ${base - 96} V${base} Z`, '#3b3038');
  s.circle(x + 100, base - 40, 96, s.glow('#ffb35c'), { opacity: 0.8 });
  for (const [dx, h, colour] of [
    [76, 54, '#f08a3c'],
    [100, 74, '#f6a944'],
    [122, 48, '#f08a3c'],
    [100, 40, '#ffe08a'],
  ] as const)
    s.path(
      `M${x + dx - 15} ${base - 14} Q${x + dx - 16} ${base - h * 0.6} ${x + dx} ${base - h - 14} Q${x + dx + 16} ${base - h * 0.6} ${x + dx + 15} ${base - 14} Z`,
      colour,
    );
  s.rect(x + 56, base - 18, 90, 12, '#6d4c3a', { radius: 6 });
  s.rect(x - 20, base - 6, 240, 12, shade(palette.stone, 0.15));
  vase(s, x + 36, base - 198, 34);
  for (const [dx, w, h] of [
    [120, 16, 40],
    [146, 12, 28],
  ] as const)
    s.rect(x + dx, base - 198 - h, w, h, palette.cushion, { radius: 4 });
}
