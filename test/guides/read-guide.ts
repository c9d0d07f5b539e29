/** A guide as a list of things to do, so that a test can follow it to the letter: what is not understood is an error. */

/** One block of code of the guide. */
export type Step = { readonly section: string } & (
  | { readonly kind: 'commands'; readonly lines: readonly string[] }
  | { readonly kind: 'file'; readonly file: string; readonly text: string }
  | { readonly kind: 'edit'; readonly file: string; readonly before: string; readonly after: string }
  /** What the last command prints, among other things; `…` stands for anything in a line. */
  | { readonly kind: 'output'; readonly lines: readonly string[] }
);

const BLOCK =
  /^## (?<heading>.*)$|^```(?<language>\w*)(?: title="(?<file>[^"]+)")?(?<rest>.*)\n(?<text>[\s\S]*?)^```$/gm;

/** @throws Error when a block is none that a test can follow */
export function readGuide(markdown: string): Step[] {
  const steps: Step[] = [];
  let section = '';
  for (const { groups = {}, 0: found } of markdown.matchAll(BLOCK)) {
    const { heading, language = '', file, rest, text = '' } = groups;
    if (heading === undefined && rest !== '') throw new Error(`Cannot follow: ${found}`);
    if (heading === undefined) steps.push({ section, ...toStep(language, file, text) });
    else section = heading;
  }
  return steps;
}

type Parts<Kind> = Kind extends Step ? Omit<Kind, 'section'> : never;

function toStep(language: string, file: string | undefined, text: string): Parts<Step> {
  const lines = text.split('\n').filter((line) => line !== '');
  if (file === undefined) {
    if (language === 'sh') return { kind: 'commands', lines };
    if (language === 'text') return { kind: 'output', lines };
    throw new Error(`A block of ${language} has no file that it belongs to:\n${text}`);
  }
  if (language !== 'diff') return { kind: 'file', file, text };
  const side = (own: string) =>
    lines.filter((line) => line[0] === ' ' || line[0] === own).map((line) => `${line.slice(1)}\n`);
  return { kind: 'edit', file, before: side('-').join(''), after: side('+').join('') };
}
