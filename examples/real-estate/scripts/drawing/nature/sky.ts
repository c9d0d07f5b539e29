import { mix } from '../palette.ts';
import { type Sketch, WIDTH } from '../sketch.ts';

export function sky(s: Sketch, horizon: number) {
  const { palette, random } = s;
  s.rect(0, 0, WIDTH, horizon + 60, s.fade(palette.sky));
  const sunX = random.between(640, 840);
  s.circle(sunX, palette.sunHeight, 230, s.glow(palette.sun), { opacity: 0.75 });
  s.circle(sunX, palette.sunHeight, palette.lampsOn ? 40 : 30, palette.sun, { opacity: 0.95 });
  for (let i = random.integer(2, 4); i > 0; i--)
    cloud(s, random.between(0, WIDTH), random.between(40, horizon * 0.55));
  if (random.chance(0.5)) birds(s, random.between(180, 560), random.between(80, 170));
}

function cloud(s: Sketch, x: number, y: number) {
  const white = mix(s.palette.sky[2] as string, '#ffffff', 0.5);
  const width = s.random.between(120, 230);
  for (const [dx, dy, share] of [
    [0, 0, 1],
    [0.18, -13, 0.55],
    [-0.2, 12, 0.7],
  ] as const) {
    s.rect(x + dx * width, y + dy, width * share, 14, white, { radius: 7, opacity: 0.55 });
  }
}

function birds(s: Sketch, x: number, y: number) {
  for (let i = 0; i < 4; i++) {
    const [bx, by] = [x + i * 26 + s.random.between(-6, 6), y + s.random.between(-16, 16)];
    s.line(
      `M${bx - 8} ${by - 3} Q${bx - 3} ${by - 5} ${bx} ${by} Q${bx + 3} ${by - 5} ${bx + 8} ${by - 3}`,
      '#51607a',
      1.6,
      { opacity: 0.6 },
    );
  }
}
