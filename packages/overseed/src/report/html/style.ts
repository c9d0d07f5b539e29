/**
 * Blue, ochre and vermilion stay apart for every kind of colour vision, and each comes with a sign. Both schemes keep a
 * contrast of at least 4.5 to 1.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfa; --raised: #ffffff; --ink: #1c2128; --quiet: #59616d; --line: #dedfda; --faint: #eeefeb;
  --new: #0b5cad; --changed: #80560a; --gone: #b0301c; --good: #1b6b43;
  --new-back: #e4eefa; --changed-back: #f7edd6; --gone-back: #fae7e2; --good-back: #e2f1e8;
  --bar: #47698f;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --raised: #1b1f25; --ink: #e4e6e9; --quiet: #a0a8b3; --line: #343a43; --faint: #252a31;
    --new: #82b9f5; --changed: #e3b75f; --gone: #ff9c89; --good: #7fcfa2;
    --new-back: #18293d; --changed-back: #352b16; --gone-back: #3c211c; --good-back: #173124;
    --bar: #7d9cc0;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 15px/1.5 ui-sans-serif, system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
h1, h2, h3, p, ul, dl, dd, figure, fieldset { margin: 0; padding: 0; }
fieldset { border: 0; min-width: 0; }
ul { list-style: none; }
h1 { font-size: 1.75rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.015em; display: flex; gap: 0.75rem; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; margin-bottom: 0.9rem; }
h3 { font-size: 1rem; font-weight: 600; }
section { margin-top: 3rem; }
small { font-size: 0.867em; color: var(--quiet); font-weight: 400; }
i { color: var(--quiet); font-size: 0.933em; }
code, .number, .rows bdi { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.9em; overflow-wrap: anywhere; }
.rows bdi { font-size: 0.867em; }
a { color: inherit; text-decoration-color: var(--quiet); text-underline-offset: 0.2em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--new); outline-offset: 2px; border-radius: 3px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: 0.4rem 0.8rem; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; }
.skip:focus { top: 1rem; }
.note { color: var(--quiet); margin: 0.4rem 0 0.6rem; }
.insert { color: var(--new); } .update { color: var(--changed); } .delete { color: var(--gone); }
.good { color: var(--good); } .bad { color: var(--gone); }

.eyebrow { color: var(--quiet); margin-bottom: 0.5rem; }
.eyebrow b { color: var(--ink); margin-right: 0.5rem; }
.badge { flex: none; align-self: start; width: 1.25em; text-align: center; border-radius: 6px; font-weight: 400; }
h1.good, h1.bad, h1.calm { color: var(--ink); }
h1.good .badge { color: var(--good); background: var(--good-back); }
h1.bad .badge { color: var(--gone); background: var(--gone-back); }
h1.calm .badge { color: var(--changed); background: var(--changed-back); }
.head { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0.9rem 2rem; margin-top: 1.5rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
dt { color: var(--quiet); font-size: 0.867rem; }
dd { overflow-wrap: anywhere; }
dd small { display: block; }
nav { margin-top: 1.5rem; padding: 0.6rem 0; border: solid var(--line); border-width: 1px 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; }
nav a { text-decoration: none; color: var(--quiet); }
nav a:hover { color: var(--ink); text-decoration: underline; }

.failure { padding: 1.1rem 1.3rem; border-left: 3px solid var(--gone); background: var(--gone-back); border-radius: 0 6px 6px 0; }
.message { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 48rem; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.4rem 1.2rem; margin-top: 1rem; }
.facts dt { line-height: inherit; font-size: inherit; }

.figures { display: flex; flex-wrap: wrap; gap: 0.8rem 2.4rem; margin-bottom: 1.4rem; }
.figures li { display: grid; grid-template-columns: auto 1fr; column-gap: 0.4rem; align-items: baseline; }
.figures b { font-size: 1.55rem; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.figures .sign { font-size: 1.2rem; }
.figures span:last-child { grid-column: 1 / -1; color: var(--quiet); font-size: 0.9rem; }
.figures .none, .figures .same, .figures .file { color: inherit; }
.numbers .none { color: var(--quiet); }
.figures .none b, .figures .none .sign { color: var(--quiet); font-weight: 400; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: baseline; padding: 0.4rem 1.2rem 0.4rem 0; border-bottom: 1px solid var(--faint); font-weight: 400; }
thead th { color: var(--quiet); font-size: 0.867rem; border-bottom-color: var(--line); white-space: nowrap; }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding: 0.4rem 0 0.4rem 1.4rem; }
.numbers tbody th { font-weight: 500; overflow-wrap: anywhere; min-width: 8rem; }
.numbers tbody tr:last-child > * { border-bottom-color: var(--line); }

#controls { display: flex; flex-wrap: wrap; gap: 0.6rem 1.6rem; align-items: center; margin-bottom: 1rem; }
#controls[hidden] { display: none; }
.query { flex: 1 1 20rem; color: var(--quiet); font-size: 0.867rem; }
.query input { display: block; width: 100%; margin-top: 0.2rem; padding: 0.45rem 0.7rem; font: inherit; font-size: 1rem; color: var(--ink); background: var(--raised); border: 1px solid var(--quiet); border-radius: 6px; }
.query ::placeholder { color: var(--quiet); opacity: 1; }
fieldset { display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; align-self: end; padding-bottom: 0.5rem; }
fieldset label { display: flex; gap: 0.35rem; align-items: center; min-height: 1.7rem; cursor: pointer; }
input[type=checkbox] { accent-color: currentColor; width: 1rem; height: 1rem; margin: 0; }
#matches { flex-basis: 100%; color: var(--quiet); }
#matches:empty { margin-top: -0.6rem; }

details { border-top: 1px solid var(--line); }
details[hidden], tr[hidden] { display: none; }
summary { cursor: pointer; padding: 0.65rem 0; display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; align-items: baseline; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "▸"; content: "▸" / ""; color: var(--quiet); width: 0.8em; }
details[open] > summary::before { content: "▾"; content: "▾" / ""; }
summary:hover { background: var(--faint); }
summary h3 { overflow-wrap: anywhere; }
.tally { font-variant-numeric: tabular-nums; }
#changes > details:last-of-type { border-bottom: 1px solid var(--line); }
#changes details > .note { padding-left: 1.7rem; }

.rows { table-layout: fixed; margin-bottom: 1.2rem; }
.rows th:nth-child(2) { width: 24%; }
.rows td.sign { width: 1.7rem; padding: 0.4rem 0; text-align: center; font-weight: 600; }
.rows thead th:first-child { width: 1.7rem; padding-right: 0; }
.rows th:nth-child(2) { padding-left: 0.7rem; }
.rows tbody th { overflow-wrap: anywhere; }
.rows tr.insert, .rows tr.update, .rows tr.delete { color: inherit; }
.rows .insert .sign { color: var(--new); background: var(--new-back); }
.rows .update .sign { color: var(--changed); background: var(--changed-back); }
.rows .delete .sign { color: var(--gone); background: var(--gone-back); }
.rows td:last-child { padding-right: 0; }
.rows li { overflow-wrap: anywhere; }
.rows .update li:not(.more) { display: grid; grid-template-columns: 8.5rem 1fr; column-gap: 0.6rem; }
.rows .long del, .rows .long ins { display: block; }
.rows .insert ul, .rows .delete ul { display: flex; flex-wrap: wrap; gap: 0 1.1rem; }
.rows li b { font-weight: 400; color: var(--quiet); font-size: 0.933em; margin-right: 0.25rem; }
.rows .more { color: var(--quiet); }
del, ins { text-decoration: none; }
del { color: var(--gone); } ins { color: var(--new); }
del + ins::before { content: "→ "; content: "→ " / "is now "; color: var(--quiet); margin: 0 0.15rem; }
mark { color: inherit; border-radius: 2px; padding: 0 1px; }
del mark { background: var(--gone-back); text-decoration: line-through; text-decoration-thickness: 1px; }
ins mark { background: var(--new-back); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
del i, ins i { color: inherit; }

.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 1.4rem 1.2rem; margin-top: 0.7rem; }
.pairs { grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1.4rem 2rem; }
.pictures + h3 { margin-top: 1.8rem; }
.sides { display: flex; gap: 0.6rem; }
.sides > div { flex: 1; min-width: 0; }
.sides a { display: block; text-decoration: none; }
.sides img, .sides .empty { display: block; width: 100%; height: auto; aspect-ratio: 4 / 3; object-fit: contain; background: var(--faint); border-radius: 4px; }
.sides .empty { display: grid; place-items: center; text-align: center; padding: 0.5rem; font-size: 0.867rem; color: var(--quiet); }
.sides .when { display: block; font-size: 0.867rem; color: var(--quiet); margin-top: 0.15rem; }
figcaption { margin-top: 0.2rem; line-height: 1.35; overflow-wrap: anywhere; }
.pictures figcaption b { font-weight: 500; }

.timeline th, .timeline td { vertical-align: middle; }
.timeline thead th { vertical-align: bottom; }
.timeline tbody th { font-weight: 500; min-width: 7rem; }
.timeline th small { display: block; line-height: 1.3; }
.timeline .when { width: 38%; }
.timeline td.number { font-family: inherit; font-size: inherit; white-space: nowrap; font-variant-numeric: tabular-nums; }
.timeline td.number, .timeline thead th:nth-child(3), .timeline thead th:nth-child(4) { text-align: right; }
.timeline td:last-child { overflow-wrap: anywhere; }
svg { display: block; overflow: visible; }
.track { fill: var(--line); } .bar { fill: var(--bar); } .broken { fill: var(--gone); }
.plots { margin-top: 1.2rem; }
.plots h3 { font-weight: 500; font-size: 0.933rem; margin-top: 1rem; }
.plot text { font-size: 12px; fill: var(--quiet); }
.grid { stroke: var(--faint); } .grid:first-of-type { stroke: var(--line); }
.plot circle { fill: var(--bar); fill-opacity: 0.75; } .plot rect { fill: var(--bar); fill-opacity: 0.3; shape-rendering: crispEdges; } .plot .retry { fill: var(--gone); fill-opacity: 1; }
.axis { display: flex; justify-content: space-between; color: var(--quiet); font-size: 0.8rem; margin-top: 0.25rem; }
.plots figcaption { color: var(--quiet); font-size: 0.9rem; }
#uploads > details, #proof > details { margin-top: 1rem; border-bottom: 1px solid var(--line); }
.columns { columns: 16rem; padding-bottom: 0.8rem; }
.columns b { font-weight: 500; font-variant-numeric: tabular-nums; }

.findings { margin-top: 0.8rem; }
.findings li { display: grid; grid-template-columns: 1.6rem minmax(7rem, 14rem) 1fr; padding: 0.45rem 0; border-top: 1px solid var(--faint); align-items: baseline; }
.findings b { font-weight: 500; overflow-wrap: anywhere; padding-right: 1rem; }
.cure { color: var(--quiet); margin-top: 0.2rem; }
#warnings li { padding: 0.35rem 0 0.35rem 1rem; border-left: 3px solid var(--changed); margin-bottom: 0.5rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.9rem; }
footer p { max-width: 46rem; }

@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.4rem; }
  section { margin-top: 2.4rem; }
  .head { grid-template-columns: 1fr; gap: 0.6rem; }
  .head div { display: grid; grid-template-columns: 4.5rem 1fr; }
  .rows, .rows tbody { display: block; }
  .rows thead { display: none; }
  .rows tr:not([hidden]) { display: grid; grid-template-columns: 1.9rem 1fr; border-bottom: 1px solid var(--faint); }
  .rows th, .rows td { border: 0; }
  .rows tbody th { width: auto; padding: 0.4rem 0 0 0.6rem; }
  .rows td.sign { width: auto; grid-row: span 2; }
  .rows td:last-child { padding: 0.1rem 0 0.5rem 0.6rem; }
  .rows tbody th:nth-child(2) { width: auto; }
  .rows .update li:not(.more) { display: block; }
  .numbers td, .numbers thead th:not(:first-child) { padding-left: 0.8rem; }
  .numbers tbody th { min-width: 5rem; }
  .wide { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .timeline td:nth-child(3)::before { content: "at "; color: var(--quiet); }
  .timeline td:nth-child(4)::before { content: "took "; color: var(--quiet); }
  #changes details > .note { padding-left: 0; }
  .pictures { grid-template-columns: 1fr 1fr; }
  .pairs { grid-template-columns: 1fr; }
  .timeline, .timeline tbody { display: block; }
  .timeline thead { display: none; }
  .timeline tr { display: grid; grid-template-columns: 1fr auto auto; gap: 0 0.8rem; padding: 0.5rem 0; border-bottom: 1px solid var(--faint); }
  .timeline th, .timeline td { border: 0; padding: 0.1rem 0; }
  .timeline .when { width: auto; grid-column: 1 / -1; }
  .timeline th { grid-column: 1 / -1; }
  .timeline td:last-child { grid-column: 1; grid-row: 3; color: var(--quiet); }
  .findings li { grid-template-columns: 1.6rem 1fr; }
  .findings div { grid-column: 2; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: 0.6rem; }
}
@media print {
  :root { --paper: #fff; --raised: #fff; }
  html { font-size: 12px; }
  body { max-width: none; padding: 0; }
  nav, #controls, .skip { display: none; }
  details::details-content { content-visibility: visible; height: auto; }
  tr, figure, li { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  .scroll { overflow: visible; }
  * { print-color-adjust: exact; }
}
@media (forced-colors: active) { .bar, .plot rect, .plot circle { fill: CanvasText; } }
`;
