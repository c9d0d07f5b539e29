import { lit, shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';

/** A ridge from edge to edge, filled down to `bottom`. */
export function ridge(s: Sketch, y: number, amplitude: number, fill: string, bottom = HEIGHT) {
  const phases = [1, 2.3, 4.1].map((speed) => ({ speed, start: s.random.between(0, 6.3) }));
  const points = Array.from({ length: 41 }, (_, i) => {
    const wave = phases.reduce(
      (sum, { speed, start }, n) => sum + Math.sin(start + (i / 40) * speed * 4) / (n + 1.2),
      0,
    );
    return [i * (WIDTH / 40), y - amplitude * (0.55 + wave * 0.5)] as const;
  });
  s.path(`M0 ${bottom} L${points.map(([px, py]) => `${px} ${py}`).join(' L')} L${WIDTH} ${bottom} Z`, fill);
}

export function sea(s: Sketch, top: number, bottom: number) {
  const { palette, random } = s;
  s.rect(0, top, WIDTH, bottom - top, s.fade(palette.sea));
  for (let i = 0; i < 26; i++) {
    const depth = random.between(0.03, 1);
    const y = top + depth * (bottom - top);
    const length = 12 + depth * 60;
    s.rect(
      random.between(-40, WIDTH),
      y,
      random.between(length * 0.4, length),
      1.2 + depth * 1.8,
      lit(palette.sea[1] as string, 0.55),
      { radius: 1, opacity: 0.5 },
    );
  }
  s.ellipse(730, top + (bottom - top) * 0.5, 90, (bottom - top) * 0.5, s.glow(palette.sun), { opacity: 0.5 });
  if (random.chance(0.6)) sailboat(s, random.between(90, 860), top + random.between(8, 20));
}

function sailboat(s: Sketch, x: number, y: number) {
  s.polygon(
    [
      [x, y - 30],
      [x, y - 3],
      [x + 17, y - 3],
    ],
    '#fffaf0',
  );
  s.polygon(
    [
      [x - 3, y - 24],
      [x - 3, y - 3],
      [x - 13, y - 3],
    ],
    '#f3e6d4',
  );
  s.path(`M${x - 17} ${y} h38 l-7 7 h-24 Z`, shade('#c88b6a', 0.15));
}

/** Still water in perspective, between two horizontal edges. */
export function pool(
  s: Sketch,
  [left, right]: readonly [number, number],
  top: number,
  bottom: number,
  spread = 70,
) {
  const { palette, random } = s;
  const water = palette.lampsOn ? ['#4aa6b8', '#8fd3cf'] : ['#5fbfd0', '#a5e0de'];
  s.polygon(
    [
      [left - 12, top - 7],
      [right + 12, top - 7],
      [right + spread + 20, bottom + 12],
      [left - spread - 20, bottom + 12],
    ],
    lit(palette.stone, 0.45),
  );
  const edge = `M${left} ${top} L${right} ${top} L${right + spread} ${bottom} L${left - spread} ${bottom} Z`;
  s.inside(edge, () => {
    s.rect(left - spread, top, right - left + spread * 2, bottom - top, s.fade(water));
    s.rect(left - spread, top, right - left + spread * 2, 8, '#2f7f96', { opacity: 0.35 });
    for (let i = 0; i < 16; i++) {
      const y = random.between(top + 8, bottom);
      const wide = 20 + ((y - top) / (bottom - top)) * 70;
      const x = random.between(left - spread, right + spread);
      s.line(`M${x} ${y} q${wide / 4} -3 ${wide / 2} 0 t${wide / 2} 0`, '#ffffff', 1.8, { opacity: 0.45 });
    }
  });
}
