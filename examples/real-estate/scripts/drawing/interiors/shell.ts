/** Walls, floor, and the window with the real surroundings behind it. */
import type { Home } from '../../../db/data/homes.ts';
import { backdrop } from '../backdrop.ts';
import { railing } from '../buildings/outdoors.ts';
import { lit, mix, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';

export const FLOOR = 448;

export function shell(s: Sketch, rustic: boolean) {
  const { palette, random } = s;
  s.rect(
    0,
    0,
    WIDTH,
    FLOOR,
    s.fade([shade(palette.room, 0.1), palette.room, lit(palette.room, 0.5)], 'right'),
  );
  if (!rustic && random.chance(0.5))
    s.rect(0, FLOOR - 130, WIDTH, 130, mix(palette.room, palette.accent, 0.22));
  floor(s, rustic);
  s.rect(0, FLOOR - 12, WIDTH, 12, lit(palette.room, 0.7));
  s.rect(0, 0, WIDTH, 84, lit(palette.room, 0.75));
  s.rect(0, 84, WIDTH, 10, '#2b3358', { opacity: 0.06 });
  if (!rustic) return;
  for (let x = 20; x < WIDTH; x += 118) {
    s.rect(x, 0, 34, 104, s.fade([shade(palette.wood, 0.3), shade(palette.wood, 0.12)], 'right'));
    s.rect(x, 104, 34, 9, '#2b3358', { opacity: 0.12 });
  }
}

function floor(s: Sketch, rustic: boolean) {
  const { palette, random } = s;
  const kind = rustic ? 'clay' : random.pick(['wood', 'wood', 'stone']);
  const tone = kind === 'clay' ? '#cb8a65' : kind === 'wood' ? lit(palette.wood, 0.38) : '#e6ddcf';
  s.rect(0, FLOOR, WIDTH, HEIGHT - FLOOR, s.fade([shade(tone, 0.1), lit(tone, 0.1)]));
  const joint = shade(tone, 0.24);
  for (let i = -14; i <= 14; i++)
    s.line(`M${WIDTH / 2 + i * 58} ${FLOOR} L${WIDTH / 2 + i * 118} ${HEIGHT}`, joint, 1.4, {
      opacity: 0.45,
    });
  const rows = kind === 'wood' ? [] : [8, 22, 42, 70, 106, 150];
  for (const dy of rows) s.rect(0, FLOOR + dy, WIDTH, 1.4, joint, { opacity: 0.45 });
}

interface Opening {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A window with the real surroundings behind it, curtains beside it and its light on the floor. */
function opening(
  s: Sketch,
  home: Home,
  { x, y, width, height }: Opening,
  style: 'sliding' | 'sash' | 'arch',
) {
  const { palette } = s;
  const frame = style === 'arch' ? palette.wood : style === 'sash' ? '#fbf8f1' : '#4b5260';
  const shape =
    style === 'arch'
      ? `M${x} ${y + height} V${y + width * 0.3} A${width / 2} ${width * 0.36} 0 0 1 ${x + width} ${y + width * 0.3} V${y + height} Z`
      : `M${x} ${y} h${width} v${height} h${-width} Z`;
  s.rect(x - 120, y - 60, width + 240, height + 160, s.glow(lit(palette.sun, 0.5)), { opacity: 0.5 });
  s.inside(shape, () => {
    const scale = Math.max(width / WIDTH, height / 520);
    s.group(`transform="translate(${x} ${y}) scale(${scale})"`, () => backdrop(s, home.place.setting, 330));
    if (style === 'sliding') railing(s, x, y + height - 82, width, 78, home.ordinal % 2 ? 'glass' : 'iron');
    s.polygon(
      [
        [x + width * 0.6, y],
        [x + width * 0.75, y],
        [x + width * 0.45, y + height],
        [x + width * 0.3, y + height],
      ],
      '#ffffff',
      { opacity: 0.1 },
    );
  });
  s.path(shape, `none" stroke="${frame}" stroke-width="9`);
  for (const at of style === 'sliding' ? [1 / 3, 2 / 3] : [0.5])
    s.rect(x + width * at - 3, y, 6, height, frame);
  if (style !== 'sliding') {
    s.rect(x, y + height * 0.42, width, 5, frame);
    s.rect(x - 16, y + height + 4, width + 32, 12, lit(palette.stone, 0.3), { radius: 2 });
  }
  s.polygon(
    [
      [x - 30, FLOOR + 34],
      [x + width - 60, FLOOR + 34],
      [x + width - 130, HEIGHT - 26],
      [x - 140, HEIGHT - 26],
    ],
    '#fff3d2',
    { opacity: palette.lampsOn ? 0.14 : 0.34, blur: 4 },
  );
  if (style !== 'arch') curtains(s, x, y, width, style === 'sliding' ? FLOOR - y + 4 : height + 66);
}

function curtains(s: Sketch, x: number, y: number, width: number, drop: number) {
  const cloth = lit(s.palette.fabric, 0.5);
  s.rect(x - 70, y - 20, width + 140, 5, '#6b6258', { radius: 2 });
  for (const left of [x - 62, x + width - 4]) {
    s.path(
      `M${left} ${y - 17} h66 q-6 ${drop / 2} 4 ${drop} h-72 q8 ${-drop / 2} 2 ${-drop} Z`,
      s.fade([shade(cloth, 0.1), lit(cloth, 0.4), shade(cloth, 0.08), lit(cloth, 0.3)], 'right'),
      { opacity: 0.95 },
    );
    for (const dx of [16, 33, 50])
      s.line(`M${left + dx} ${y - 14} q-3 ${drop / 2} 1 ${drop - 6}`, shade(cloth, 0.2), 1.4, {
        opacity: 0.4,
      });
  }
}

export function view(s: Sketch, home: Home, rustic: boolean, box: Opening) {
  if (rustic)
    opening(s, home, { ...box, width: box.width * 0.8, y: box.y + 66, height: box.height * 0.76 }, 'arch');
  else if (home.kind === 'villa' || home.kind === 'atico')
    opening(s, home, { ...box, height: FLOOR - box.y - 8 }, 'sliding');
  else opening(s, home, { ...box, height: box.height * 0.92 }, 'sash');
}
