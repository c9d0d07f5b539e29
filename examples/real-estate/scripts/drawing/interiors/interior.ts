/** A room of the home, furnished. */
import type { Home } from '../../../db/data/homes.ts';
import { lit } from '../palette.ts';
import type { Sketch } from '../sketch.ts';
import { fireplace, kitchen } from './built-in.ts';
import { floorLamp, painting, pendant, plant, rug, shelf } from './decor.ts';
import { armchair, bed, coffeeTable, diningTable, sofa } from './seats.ts';
import { FLOOR, shell, view } from './shell.ts';

export function drawInterior(s: Sketch, home: Home) {
  const rustic = home.kind === 'pueblo' || home.kind === 'finca';
  shell(s, rustic);
  const rooms = [livingRoom, bedroom, diningRoom, rustic ? hearthRoom : cornerSofa];
  (rooms[(home.ordinal + home.kind.length) % rooms.length] as typeof livingRoom)(s, home, rustic);
}

function livingRoom(s: Sketch, home: Home, rustic: boolean) {
  const { random } = s;
  view(s, home, rustic, {
    x: random.between(500, 540),
    y: 118,
    width: random.between(310, 360),
    height: 262,
  });
  rug(s, 150, 520, 470, 96, random.chance(0.4));
  painting(s, 170, random.between(150, 170), 92, 116);
  if (random.chance(0.6)) painting(s, 288, 176, 66, 84);
  sofa(s, 96, 556, random.between(330, 370));
  floorLamp(s, 64, 530, random.between(280, 310), random.pick(['arc', 'tripod']));
  plant(s, random.between(880, 910), 540, random.between(190, 230));
  coffeeTable(s, random.between(430, 470), 606, 190);
}

function cornerSofa(s: Sketch, home: Home, rustic: boolean) {
  const { random, palette } = s;
  view(s, home, rustic, {
    x: random.between(110, 150),
    y: 118,
    width: random.between(420, 480),
    height: 262,
  });
  shelf(s, 716, random.between(196, 216), 190);
  rug(s, 300, 516, 420, 100, true);
  pendant(
    s,
    random.between(650, 680),
    random.between(130, 165),
    76,
    random.pick(['wicker', 'globe', 'dome']),
  );
  sofa(s, 420, 552, 380);
  armchair(s, 130, 590, lit(palette.cushion, 0.2));
  coffeeTable(s, 340, 622, 170);
  plant(s, 890, 566, 200);
}

function bedroom(s: Sketch, home: Home, rustic: boolean) {
  const { random } = s;
  view(s, home, rustic, {
    x: random.between(610, 640),
    y: 118,
    width: random.between(220, 250),
    height: 262,
  });
  for (const [x, w] of [
    [196, 84],
    [296, 84],
    [396, 84],
  ] as const)
    if (random.chance(0.72)) painting(s, x, 168, w, 106);
  rug(s, 120, 548, 500, 76, false);
  bed(s, 160, 574, random.between(340, 380));
  pendant(s, random.between(330, 370), 92, 58, random.pick(['wicker', 'globe']));
  armchair(s, 690, 570, lit(s.palette.accent, 0.35));
  plant(s, 888, 548, random.between(180, 220));
}

function diningRoom(s: Sketch, home: Home, rustic: boolean) {
  const { random } = s;
  view(s, home, rustic, {
    x: random.between(490, 530),
    y: 118,
    width: random.between(320, 370),
    height: 266,
  });
  kitchen(s, 40, FLOOR + 22, 330);
  rug(s, 330, 536, 420, 84, random.chance(0.5));
  const style = random.pick(['wicker', 'dome', 'globe'] as const);
  for (const x of [440, 560, 680]) pendant(s, x, 150 + ((x / 10) % 3) * 8, 58, style);
  diningTable(s, 370, 606, random.between(380, 420));
  plant(s, 900, 536, 190);
}

function hearthRoom(s: Sketch, home: Home, rustic: boolean) {
  const { random, palette } = s;
  fireplace(s, random.between(110, 160), FLOOR + 12);
  view(s, home, rustic, { x: random.between(540, 580), y: 118, width: 290, height: 266 });
  painting(s, 420, 180, 82, 100);
  rug(s, 280, 526, 430, 90, random.chance(0.5));
  sofa(s, 470, 572, 310);
  armchair(s, 290, 610, lit(palette.cushion, 0.15));
  floorLamp(s, 868, 560, 290, 'tripod');
}
