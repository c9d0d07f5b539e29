/**
 * Plots as inline SVG. Positions along the time are percentages, so that a plot takes whatever width there is and its
 * letters keep their size.
 */
import { html, type Markup } from './markup.ts';

/** Room for the number above a line. */
const TOP = 16;

export interface Axis {
  /** Of the whole plot, in pixels. */
  readonly height: number;
  readonly max: number;
  /** Where lines are drawn. */
  readonly ticks: readonly number[];
  readonly label: (value: number) => string;
}

/** Round numbers from 0 to at least `max`, some three of them. */
export function axisTo(
  max: number,
  label: Axis['label'],
  { height, whole = false }: { height: number; whole?: boolean },
): Axis {
  const rough = Math.max(max, whole ? 1 : 1e-3) / 3;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((each) => each >= rough) ?? rough;
  const unit = whole ? Math.max(1, Math.round(step)) : step;
  const ticks: number[] = [0];
  while ((ticks.at(-1) ?? 0) < max) ticks.push(ticks.length * unit);
  return { height, max: ticks.at(-1) || unit, ticks, label };
}

/** How far down `value` is, in pixels. */
export function yOf(value: number, { max, height }: Axis): string {
  return (TOP + (height - TOP - 1) * (1 - value / max)).toFixed(1);
}

export function heightOf(value: number, { max, height }: Axis): string {
  return (((height - TOP - 1) * value) / max).toFixed(1);
}

/** @param description all that the picture tells, in words */
export function plot(
  { id, title, description }: { id: string; title: string; description: string },
  axis: Axis,
  marks: readonly Markup[],
): Markup {
  const lines = axis.ticks.map((tick) => {
    const y = yOf(tick, axis);
    return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/>${tick > 0 ? html`<text x="0" y="${Number(y) - 3}">${axis.label(tick)}</text>` : undefined}`;
  });
  return html`<svg class="plot" role="img" aria-labelledby="${id}-title ${id}-text" width="100%" height="${axis.height}"><title id="${id}-title">${title}</title><desc id="${id}-text">${description}</desc>${lines}${marks}</svg>`;
}
