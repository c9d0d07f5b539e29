/** How uploads went: how long each took, how many there were at once, and when the store stumbled. */
import { formatBytes, formatCount } from '../../util/format.ts';
import { formatMs } from '../../util/format-ms.ts';
import type { ReportFacts, UploadRecord, UploadSlice } from '../facts.ts';
import { html, type Markup } from './markup.ts';
import { axisTo, heightOf, plot, yOf } from './plot.ts';
import { counted, line, scrolling, section } from './show.ts';

/** Lines of the table that says the same as the plots. */
const LINES = 12;

export function uploadsSection({ uploads }: ReportFacts): Markup | undefined {
  const { latency, retries } = uploads;
  if (!latency && retries === 0) return undefined;
  return section(
    'uploads',
    'Uploads',
    html`<p>${sentence(uploads)}</p>\n`,
    uploads.pauses.length > 0
      ? html`<ul>${uploads.pauses.map((reason) => html`<li>The store asked for a pause: ${line(reason)}</li>`)}</ul>\n`
      : undefined,
    latency && plots(uploads),
  );
}

function sentence({ files, alreadyThere, bytes, retries, latency }: UploadRecord): string {
  const there = alreadyThere > 0 ? `, ${formatCount(alreadyThere)} were there already` : '';
  const again =
    retries > 0 ? ` ${counted(retries, 'attempt')} had to be repeated.` : ' Every first attempt succeeded.';
  const times = latency
    ? ` Half of them took no longer than ${formatMs(latency.median)}, 95 of 100 no longer than ${formatMs(latency.p95)}, the slowest ${formatMs(latency.slowest)}.`
    : '';
  return `${counted(files, 'file')} stored, ${formatBytes(bytes)}${there}.${times}${again}`;
}

function plots(uploads: UploadRecord): Markup {
  const { slices, dots } = uploads;
  const first = slices[0]?.startMs ?? 0;
  // A short beginning would look like nothing at the edge.
  const last = Math.max(...slices.map(({ endMs }) => endMs), first + 1);
  const span = { first, last };
  return html`<figure class="plots">
<h3>Time of each upload</h3>
${latencyPlot(dots, uploads, span)}
<h3>Uploads at once</h3>
${concurrencyPlot(slices, span)}
<div class="axis" aria-hidden="true"><span>0 s</span><span>${formatMs((last - first) / 2)}</span><span>${formatMs(last - first)}</span></div>
<figcaption>Time since the first upload began. ${legend(uploads)}</figcaption>
</figure>
<details><summary>The same as a table</summary>
${scrolling('Uploads over time', tableOf(slices, first))}
</details>
`;
}

interface Span {
  readonly first: number;
  readonly last: number;
}

function legend({ dots, files, alreadyThere, retries }: UploadRecord): string {
  const all = files + alreadyThere;
  const shown =
    dots.length < all
      ? `A dot is an upload, at the moment it ended; ${formatCount(dots.length)} of ${formatCount(all)} are drawn, evenly chosen.`
      : 'A dot is an upload, at the moment it ended.';
  return retries > 0 ? `${shown} A bar at the bottom is a moment with repeated attempts.` : shown;
}

function latencyPlot(dots: UploadRecord['dots'], { latency, slices }: UploadRecord, span: Span): Markup {
  const axis = axisTo(Math.max(...dots.map(({ ms }) => ms)), formatMs, { height: 150 });
  const points = dots.map(
    ({ atMs, ms }) => html`<circle cx="${across(atMs, span)}" cy="${yOf(ms, axis)}" r="2.5"/>`,
  );
  const retried = slices
    .filter(({ retries }) => retries > 0)
    .map(
      ({ startMs, endMs }) =>
        html`<rect class="retry" x="${across(startMs, span)}" width="${part(endMs - startMs, span)}" y="${Number(yOf(0, axis)) - 5}" height="5"/>`,
    );
  const median = latency?.median ?? 0;
  return plot(
    {
      id: 'latency',
      title: 'Time of each upload',
      description: `From ${formatMs(Math.min(...dots.map(({ ms }) => ms)))} to ${formatMs(latency?.slowest ?? 0)}, half of them below ${formatMs(median)}.`,
    },
    axis,
    [...points, ...retried],
  );
}

function concurrencyPlot(slices: readonly UploadSlice[], span: Span): Markup {
  const most = Math.max(...slices.map(({ atOnce }) => atOnce));
  const axis = axisTo(most, String, { height: 90, whole: true });
  // Those that end first were under way from the beginning.
  let previous = slices.find(({ files }) => files > 0)?.atOnce ?? 0;
  const bars = slices.map(({ startMs, endMs, atOnce, files }) => {
    // Where none ended, as many go on as before.
    previous = files > 0 ? atOnce : previous;
    return html`<rect x="${across(startMs, span)}" width="${part(endMs - startMs, span)}" y="${yOf(previous, axis)}" height="${heightOf(previous, axis)}"/>`;
  });
  return plot(
    {
      id: 'concurrency',
      title: 'Uploads at once',
      description: `${counted(most, 'upload')} at most were under way at the same time.`,
    },
    axis,
    bars,
  );
}

function tableOf(slices: readonly UploadSlice[], first: number): Markup {
  const each = Math.ceil(slices.length / LINES);
  const lines: Markup[] = [];
  for (let index = 0; index < slices.length; index += each) {
    const some = slices.slice(index, index + each);
    const sum = (pick: (slice: UploadSlice) => number) =>
      some.reduce((total, slice) => total + pick(slice), 0);
    const files = sum((slice) => slice.files);
    const mean = files === 0 ? '·' : formatMs(sum((slice) => slice.files * slice.meanMs) / files);
    const [from, to] = [(some[0]?.startMs ?? 0) - first, (some.at(-1)?.endMs ?? 0) - first];
    lines.push(
      html`<tr><th scope="row">${formatMs(from)} to ${formatMs(to)}</th><td>${formatCount(files)}</td><td>${formatBytes(sum((slice) => slice.bytes))}</td><td>${mean}</td><td>${Math.max(...some.map(({ atOnce }) => atOnce))}</td><td>${sum((slice) => slice.retries)}</td></tr>\n`,
    );
  }
  return html`<table class="numbers">
<thead><tr><th scope="col">Since the first</th><th scope="col">files</th><th scope="col">size</th><th scope="col">mean time</th><th scope="col">at once</th><th scope="col">repeated</th></tr></thead>
<tbody>
${lines}</tbody>
</table>`;
}

function across(ms: number, { first, last }: Span): string {
  return `${((100 * (ms - first)) / (last - first)).toFixed(2)}%`;
}

function part(ms: number, { first, last }: Span): string {
  return `${((100 * ms) / (last - first)).toFixed(2)}%`;
}
