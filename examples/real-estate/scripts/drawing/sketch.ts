/** A small brush set over SVG: every picture is a list of shapes, painted back to front. */
import type { Random } from '../../db/data/random.ts';
import type { Palette } from './palette.ts';

export const WIDTH = 960;
export const HEIGHT = 640;

export type Point = readonly [x: number, y: number];

interface Style {
  opacity?: number;
  radius?: number;
  /** Blurs the shape by this many pixels: for shadows, haze and glow. */
  blur?: number;
}

interface Camera {
  mirrored: boolean;
  zoom: number;
  focusX: number;
  focusY: number;
}

export class Sketch {
  readonly random: Random;
  readonly palette: Palette;
  readonly #shapes: string[] = [];
  readonly #definitions = new Map<string, string>();

  constructor(random: Random, palette: Palette) {
    this.random = random;
    this.palette = palette;
  }

  rect(x: number, y: number, width: number, height: number, fill: string, style: Style = {}) {
    const box = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
    this.#add(`rect ${box} rx="${style.radius ?? 0}"`, fill, style);
  }

  ellipse(x: number, y: number, radiusX: number, radiusY: number, fill: string, style: Style = {}) {
    this.#add(
      `ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(radiusX)}" ry="${round(radiusY)}"`,
      fill,
      style,
    );
  }

  circle(x: number, y: number, radius: number, fill: string, style: Style = {}) {
    this.ellipse(x, y, radius, radius, fill, style);
  }

  polygon(points: readonly Point[], fill: string, style: Style = {}) {
    this.#add(`polygon points="${points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')}"`, fill, style);
  }

  path(d: string, fill: string, style: Style = {}) {
    this.#add(`path d="${roundPath(d)}"`, fill, style);
  }

  line(d: string, colour: string, width: number, style: Style = {}) {
    this.#add(
      `path d="${roundPath(d)}" stroke="${colour}" stroke-width="${round(width)}" stroke-linecap="round"`,
      'none',
      style,
    );
  }

  /** A fill that runs through `colours` from top to bottom, or from left to right. */
  fade(colours: readonly string[], direction: 'down' | 'right' = 'down'): string {
    const vector = direction === 'down' ? 'x1="0" y1="0" x2="0" y2="1"' : 'x1="0" y1="0" x2="1" y2="0"';
    return `url(#${this.#define('fade', (id) => `<linearGradient id="${id}" ${vector}>${stops(colours)}</linearGradient>`)})`;
  }

  /** A fill that runs from `colour` in the middle to nothing at the rim. */
  glow(colour: string): string {
    const ends = `<stop stop-color="${colour}"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/>`;
    return `url(#${this.#define('glow', (id) => `<radialGradient id="${id}">${ends}</radialGradient>`)})`;
  }

  /** Paints inside a shape only. */
  inside(shape: string, paint: () => void) {
    const id = this.#define(
      'clip',
      (name) => `<clipPath id="${name}"><path d="${roundPath(shape)}"/></clipPath>`,
    );
    this.group(`clip-path="url(#${id})"`, paint);
  }

  group(attributes: string, paint: () => void) {
    this.#shapes.push(`<g ${attributes}>`);
    paint();
    this.#shapes.push('</g>');
  }

  /** The whole picture as SVG; `zoom` above 1 moves closer to the point at `focusX`, `focusY` (shares of the picture). */
  toSvg({ mirrored, zoom, focusX, focusY }: Camera): string {
    const flip = mirrored ? `transform="translate(${WIDTH} 0) scale(-1 1)"` : '';
    const definitions = [...this.#definitions].map(([, text]) => text).join('');
    const box = [
      WIDTH * (1 - 1 / zoom) * focusX,
      HEIGHT * (1 - 1 / zoom) * focusY,
      WIDTH / zoom,
      HEIGHT / zoom,
    ].map(round);
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="${box.join(' ')}"><defs>${definitions}</defs><g ${flip}>${this.#shapes.join('')}</g></svg>`;
  }

  #add(shape: string, fill: string, { opacity, blur }: Style) {
    const filter = blur ? ` filter="url(#${this.#blur(blur)})"` : '';
    this.#shapes.push(
      `<${shape} fill="${fill}"${opacity === undefined ? '' : ` opacity="${round(opacity)}"`}${filter}/>`,
    );
  }

  #blur(radius: number): string {
    const id = `blur${radius}`;
    const region = 'x="-50%" y="-50%" width="200%" height="200%"';
    this.#definitions.set(
      id,
      `<filter id="${id}" ${region}><feGaussianBlur stdDeviation="${radius}"/></filter>`,
    );
    return id;
  }

  #define(kind: string, text: (id: string) => string): string {
    const id = `${kind}${this.#definitions.size}`;
    this.#definitions.set(id, text(id));
    return id;
  }
}

function stops(colours: readonly string[]): string {
  const last = Math.max(1, colours.length - 1);
  return colours
    .map((colour, index) => `<stop offset="${round(index / last)}" stop-color="${colour}"/>`)
    .join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function roundPath(d: string): string {
  return d.replace(/-?\d+\.\d+/g, (number) => String(round(Number(number))));
}
