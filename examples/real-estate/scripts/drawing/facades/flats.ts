import type { Home } from '../../../db/data/homes.ts';
import { backdrop } from '../backdrop.ts';
import { door, glass, window } from '../buildings/openings.ts';
import { awning, leafShadow, pergola, railing, umbrella } from '../buildings/outdoors.ts';
import { overhang, wall } from '../buildings/walls.ts';
import { blossom, palm, pot, shrub } from '../nature/plants.ts';
import { lit, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';
import { GROUND, lawn } from './ground.ts';

export function apartments(s: Sketch, { place, ordinal }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting);
  lawn(s, GROUND - 6);
  const rail = (['glass', 'iron', 'wall'] as const)[ordinal % 3] as 'glass' | 'iron' | 'wall';
  const left = random.between(190, 230);
  const width = random.between(500, 580);
  const top = random.between(104, 134);
  if (ordinal % 4 === 1) {
    // Two towers of unequal height, joined by an entrance.
    block(s, { left: left - 20, top: top + 70, width: 250, floors: 4, bays: 2, rail });
    block(s, { left: left + width - 250, top, width: 270, floors: 5, bays: 2, rail });
    wall(s, left + 220, GROUND - 110, width - 460, 110, shade(palette.wall, 0.08));
    s.rect(left + 210, GROUND - 120, width - 440, 14, lit(palette.wall, 0.4));
  } else if (ordinal % 4 === 2) {
    // Terraced like a flight of steps.
    for (const [step, bays] of [
      [0, 2],
      [1, 3],
      [2, 4],
    ] as const) {
      block(s, { left, top: top + 40 + step * 76, width: (width * bays) / 4, floors: 4 - step, bays, rail });
    }
  } else block(s, { left, top, width, floors: random.integer(4, 5), bays: random.integer(3, 4), rail });
  s.rect(left - 10, GROUND - 30, width + 20, 30, palette.stone);
  door(s, left + width / 2 - 30, GROUND + 2, 60, 62, false);
  leafShadow(s, left + width * 0.75, top + 190, 130);
  for (let x = 150; x < WIDTH - 60; x += random.between(48, 76))
    shrub(s, x, GROUND + 12, random.between(30, 50), random.chance(0.2) ? palette.flower : palette.leaf);
  s.rect(0, GROUND + 12, WIDTH, HEIGHT, s.fade([lit(palette.stone, 0.35), shade(palette.stone, 0.1)]));
  for (let y = GROUND + 24; y < HEIGHT; y += 18 + (y - GROUND) * 0.12)
    s.rect(0, y, WIDTH, 1.5, shade(palette.stone, 0.25), { opacity: 0.5 });
  palm(s, random.between(90, 160), GROUND + 24, random.between(300, 400));
  palm(s, random.between(800, 850), GROUND + 40, random.between(260, 330));
  palm(s, random.between(870, 930), GROUND + 26, random.between(340, 420));
}

interface Block {
  left: number;
  top: number;
  width: number;
  floors: number;
  bays: number;
  rail: 'glass' | 'iron' | 'wall';
}

/** Flats with a balcony each, down to the ground. */
function block(s: Sketch, { left, top, width, floors, bays, rail }: Block) {
  const { palette, random } = s;
  const height = (GROUND - 44 - top) / floors;
  const bay = width / bays;
  wall(s, left + width - 4, top + 30, 60, GROUND - top - 30, shade(palette.wall, 0.12));
  wall(s, left, top, width, GROUND - top, palette.wall);
  s.rect(left - 10, top - 12, width + 20, 15, lit(palette.wall, 0.45));
  for (let floor = 0; floor < floors; floor++) {
    const y = top + 12 + floor * height;
    window(s, left + width + 14, y + 24, 26, 34, {});
    for (let i = 0; i < bays; i++) {
      const [x, w] = [left + i * bay + 12, bay - 24];
      s.rect(x, y + 6, w, height - 10, shade(palette.wall, 0.22));
      glass(s, x + 10, y + 16, w * 0.6, height - 22);
      s.rect(x + 10 + w * 0.3, y + 16, 3, height - 22, lit(palette.wall, 0.5));
      s.rect(x + w * 0.74, y + 20, w * 0.18, height - 40, shade(palette.accent, 0.05));
      s.rect(x, y + 6, w, 12, '#2b3358', { opacity: 0.25 });
      if (random.chance(0.4)) awning(s, x + 4, y + 6, w - 8, 20);
      if (random.chance(0.5)) pot(s, x + w * 0.84, y + height - 6, 26, 'leaf');
      railing(s, x - 6, y + height - 36, w + 12, 32, rail);
      if (random.chance(0.35)) blossom(s, x + w * 0.3, y + height - 34, w * 0.5, 22, 24);
      s.rect(x - 10, y + height - 6, w + 20, 8, lit(palette.wall, 0.5));
    }
  }
}

export function penthouse(s: Sketch, { place, ordinal }: Home) {
  const { palette, random } = s;
  backdrop(s, place.setting, 400);
  const left = random.between(120, 190);
  const floor = 452;
  const width = WIDTH - left + 40;
  // The top floor stands back; its terrace runs along the whole front.
  const roomLeft = left + random.between(150, 210);
  const top = random.between(206, 240);
  wall(s, roomLeft, top, WIDTH, floor - top, palette.wall);
  s.rect(roomLeft - 44, top - 16, WIDTH, 18, lit(palette.wall, 0.5));
  overhang(s, roomLeft, top + 2, WIDTH - roomLeft + 60, 30);
  const panes = random.integer(3, 5);
  const paneWidth = (WIDTH - roomLeft - 110) / panes;
  for (let i = 0; i < panes; i++)
    glass(s, roomLeft + 44 + i * (paneWidth + 6), top + 44, paneWidth, floor - top - 44);
  if (random.chance(0.5)) {
    wall(s, roomLeft + 260, top - 120, 190, 106, shade(palette.wall, 0.05));
    window(s, roomLeft + 320, top - 92, 66, 52, {});
    s.rect(roomLeft + 248, top - 130, 214, 13, lit(palette.wall, 0.5));
  }
  railing(s, roomLeft + 20, top - 48, 220, 32, 'iron');
  s.rect(left, floor - 6, width, 20, lit(palette.stone, 0.3));
  if (ordinal % 2 === 0) pergola(s, left + 40, 300, 190, 152);
  else umbrella(s, left + 120, floor, 78, palette.cushion);
  const seatX = left + 60;
  s.rect(seatX, floor - 44, 150, 40, lit(palette.fabric, 0.3), { radius: 8 });
  s.rect(seatX + 8, floor - 66, 134, 30, palette.fabric, { radius: 9 });
  for (const dx of [18, 96]) s.rect(seatX + dx, floor - 62, 34, 28, palette.cushion, { radius: 6 });
  for (const x of [left + 24, left + 248, roomLeft + 30, WIDTH - 70])
    pot(s, x, floor, random.between(50, 66), random.pick(['leaf', 'flower', 'agave']));
  leafShadow(s, roomLeft + 60, top + 90, 120);
  railing(s, left - 6, floor - 40, width, 44, ordinal % 3 === 1 ? 'iron' : 'glass');
  // The floor below.
  wall(s, left - 16, floor + 6, width, HEIGHT - floor, shade(palette.wall, 0.04));
  s.rect(left - 26, floor + 2, width + 20, 16, lit(palette.wall, 0.4));
  overhang(s, left - 16, floor + 18, width, 26);
  for (let x = left + 40; x < WIDTH; x += 190) {
    glass(s, x, floor + 62, 116, HEIGHT - floor);
    awning(s, x - 8, floor + 54, 132, 34);
  }
  for (let x = left + 20; x < WIDTH - 40; x += random.between(120, 220))
    blossom(s, x, floor + 16, random.between(60, 110), 34, 40);
  palm(s, random.between(30, 70), HEIGHT + 120, random.between(420, 500));
}
