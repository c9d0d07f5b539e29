/** The picture of the README as a page: the terminal on the left, the site in a browser window on the right. */
import { ansiToHtml } from './ansi-to-html.ts';

export interface PictureParts {
  /** As typed. */
  readonly command: string;
  /** What it printed, with colour codes. */
  readonly output: string;
  readonly siteUrl: string;
  /** PNG of the site, in the proportions of the window's inside. */
  readonly site: Buffer;
}

/** In CSS pixels. The window's inside is what is left of the width. */
export const LAYOUT = { width: 1060, height: 732, siteWidth: 436, siteHeight: 638 } as const;

const { width, height, siteWidth, siteHeight } = LAYOUT;

const CSS = `
  * { box-sizing: border-box; margin: 0; }
  body { width: ${width}px; height: ${height}px; padding: 30px 28px; display: flex; gap: 24px; align-items: stretch;
    background: #efdcc8; font-family: 'DejaVu Sans', sans-serif; }
  .window { border-radius: 11px; overflow: hidden; display: flex; flex-direction: column;
    box-shadow: 0 1px 2px rgb(60 30 20 / .25), 0 14px 34px rgb(80 40 25 / .28); }
  .bar { flex: none; height: 34px; display: flex; align-items: center; gap: 7px; padding: 0 13px; font-size: 11px; }
  .bar i { width: 11px; height: 11px; border-radius: 50%; }
  .bar i:nth-child(1) { background: #e8695c; } .bar i:nth-child(2) { background: #e9b44c; }
  .bar i:nth-child(3) { background: #6fb26b; }
  .bar span { margin: 0 auto; position: relative; left: -23px; }
  .terminal { flex: 1; background: #221d26; color: #ded7cf; }
  .terminal .bar { background: #2e2833; color: #a59daa; }
  pre { padding: 12px 16px 0; font: 11.9px/16.9px 'JetBrains Mono', Menlo, 'DejaVu Sans Mono', monospace; }
  .bold { font-weight: bold; color: #fff; } .dim { color: #8d8494; } .green { color: #8ccf85; } .red { color: #f08a7d; }
  .yellow { color: #ecc36b; } .blue { color: #8fb7ea; } .cyan { color: #83cfd0; } .prompt { color: #e8a87c; }
  .browser { width: ${siteWidth}px; background: #fbf6ee; }
  .browser .bar { background: #efe6d9; color: #6d625a; }
  .browser .bar span { background: #fbf6ee; border-radius: 6px; padding: 4px 26px; }
  .browser img { display: block; width: ${siteWidth}px; height: ${siteHeight}px; }
`;

export function composePage({ command, output, siteUrl, site }: PictureParts): string {
  const dots = '<i></i><i></i><i></i>';
  return `<!doctype html><meta charset="utf-8"><style>${CSS}</style>
    <div class="window terminal">
      <div class="bar">${dots}<span>real-estate</span></div>
      <pre><span class="prompt">$</span> <span class="bold">${ansiToHtml(command)}</span>\n${ansiToHtml(output)}</pre>
    </div>
    <div class="window browser">
      <div class="bar">${dots}<span>${ansiToHtml(siteUrl.replace('http://', ''))}</span></div>
      <img src="data:image/png;base64,${site.toString('base64')}">
    </div>`;
}
