/** Colours: the light of the hour, and the house's own paint. */
import type { Random } from '../../db/data/random.ts';

interface Light {
  readonly sky: readonly string[];
  readonly sun: string;
  readonly sunHeight: number;
  readonly sea: readonly string[];
  /** From far to near. */
  readonly hills: readonly [string, string, string];
  /** Laid over everything by multiplication, so that all colours share the hour. */
  readonly tint: string;
  readonly lampsOn: boolean;
  /** How far paint and leaves sink into the colour of the hills. */
  readonly gloom: number;
}

export interface Palette extends Light {
  readonly wall: string;
  readonly roof: string;
  readonly accent: string;
  readonly wood: string;
  readonly stone: string;
  readonly flower: string;
  readonly fabric: string;
  readonly cushion: string;
  readonly room: string;
  readonly leaf: string;
  readonly grass: string;
}

const LIGHTS: readonly Light[] = [
  {
    sky: ['#8cc6e6', '#bfe0ee', '#eef3e6'],
    sun: '#fffbe6',
    sunHeight: 90,
    sea: ['#3d97bd', '#7fc9d4'],
    hills: ['#a8c4d4', '#86aeb2', '#74a083'],
    tint: '#ffffff',
    lampsOn: false,
    gloom: 0,
  },
  {
    sky: ['#a6d3e2', '#d8ebe8', '#fbeedd'],
    sun: '#fff4d8',
    sunHeight: 150,
    sea: ['#57a9be', '#a6d9d4'],
    hills: ['#bccdd6', '#98b8b6', '#84a78c'],
    tint: '#fffaf0',
    lampsOn: false,
    gloom: 0,
  },
  {
    sky: ['#86b9d8', '#f3e3c8', '#fbd09a'],
    sun: '#fff1c9',
    sunHeight: 230,
    sea: ['#4a8dab', '#e3c9a2'],
    hills: ['#bcafba', '#a0969a', '#93926c'],
    tint: '#fff6e8',
    lampsOn: false,
    gloom: 0,
  },
  {
    sky: ['#6a7db4', '#e0a0a8', '#fbc79a'],
    sun: '#fff0d0',
    sunHeight: 285,
    sea: ['#5a74a6', '#f0b49c'],
    hills: ['#a092b4', '#84789c', '#6f6d78'],
    tint: '#fff2e6',
    lampsOn: true,
    gloom: 0.14,
  },
  {
    sky: ['#46598f', '#a08fb8', '#f7bfa8'],
    sun: '#ffe6d2',
    sunHeight: 310,
    sea: ['#475d92', '#d3a6b2'],
    hills: ['#8580ab', '#6e6b95', '#5a6180'],
    tint: '#faf4fa',
    lampsOn: true,
    gloom: 0.34,
  },
];

/** Bright hours come up more often than dusk. */
const HOURS = [0, 1, 2, 0, 3, 1, 0, 2, 4, 1, 0, 3];

export function paletteFor(random: Random): Palette {
  const light = LIGHTS[random.pick(HOURS)] as Light;
  const dim = (colour: string) => mix(colour, light.hills[1], light.gloom);
  return {
    ...light,
    wall: dim(random.pick(['#fbf7ef', '#fdf9f2', '#f8efe0', '#fbf4ea', '#f6e6d0', '#f5ddcb', '#f4e4b9'])),
    roof: dim(random.pick(['#c9714e', '#bd6547', '#d08258', '#b85f45'])),
    accent: dim(
      random.pick(['#2f6f9f', '#2f7d78', '#4f7d52', '#7a5340', '#3a5f8f', '#8a4a3f', '#5b7f93', '#c08a35']),
    ),
    wood: dim(random.pick(['#a9784f', '#8e6242', '#bf905f', '#9a6d52'])),
    stone: dim(random.pick(['#d9cdb9', '#cfc4b4', '#e0d3bd', '#c9b9a3'])),
    flower: random.pick(['#d2467f', '#c93a6b', '#b64aa0', '#e0654f', '#e58a3a', '#d9548f']),
    fabric: random.pick([
      '#e9ddc9',
      '#c9d4cf',
      '#d8b89b',
      '#8fa9a6',
      '#b9c4d6',
      '#cf9d82',
      '#6f8f8a',
      '#d9c27f',
    ]),
    cushion: random.pick(['#c86b4a', '#2f6f86', '#d7a441', '#7d8f5a', '#b4556b', '#456990', '#e2b7a0']),
    room: dim(
      random.pick([
        '#f3ebdd',
        '#f1e3d3',
        '#e6ebe4',
        '#e9e4ea',
        '#f4ece4',
        '#e3d7c5',
        '#dbe4e6',
        '#eddccb',
        '#d9dfce',
      ]),
    ),
    leaf: dim(random.pick(['#4f8a5b', '#5a8f58', '#3f7f63', '#64904f'])),
    grass: dim(random.pick(['#9dba74', '#8fb271', '#a9bd79', '#86ab78'])),
  };
}

/** The colour that lies `share` of the way from `from` to `to`. */
export function mix(from: string, to: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16)) as [
      number,
      number,
    ];
    return Math.round(a + (b - a) * share)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${channels.join('')}`;
}

/** Shade is cool and light is warm, in every picture. */
export const shade = (colour: string, share: number) => mix(colour, '#2b3358', share);
export const lit = (colour: string, share: number) => mix(colour, '#fff8e8', share);
