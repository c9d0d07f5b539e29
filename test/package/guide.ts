/** `docs/getting-started.md` as what it tells a newcomer to do: the files to write and the commands to run, by section. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const GUIDE = path.resolve(import.meta.dirname, '../../docs/getting-started.md');

export type Step =
  | { readonly do: 'write'; readonly file: string; readonly content: string }
  | { readonly do: 'run'; readonly command: string };

/** @returns the steps of each section, by its heading */
export async function readGuide(): Promise<ReadonlyMap<string, readonly Step[]>> {
  const [, ...sections] = (await readFile(GUIDE, 'utf8')).split(/^## /m);
  return new Map(
    sections.map((section) => {
      const [heading = ''] = section.split('\n', 1);
      return [heading, [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(stepsOf)];
    }),
  );
}

/** Code that begins with the name of its file is to be written there; what is said of a shell is to be run. */
function stepsOf([, language, content = '']: RegExpMatchArray): Step[] {
  if (language === 'text') return [];
  if (language === 'sh')
    return content
      .trim()
      .split('\n')
      .map((command) => ({ do: 'run', command }));
  const file = /^(?:\/\/|#) (\S+)\n/.exec(content)?.[1];
  if (file === undefined)
    throw new Error(`A block of ${language} does not say which file it is:\n${content}`);
  return [{ do: 'write', file, content }];
}
