import { shade } from '../palette.ts';
import { HEIGHT, type Sketch, WIDTH } from '../sketch.ts';

export const GROUND = 530;

export function lawn(s: Sketch, top = GROUND) {
  s.rect(0, top, WIDTH, HEIGHT - top, s.fade([s.palette.grass, shade(s.palette.grass, 0.22)]));
}
