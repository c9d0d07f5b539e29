/** What `--help` prints: one screen, with an example. */
import type { Command } from './command.ts';
import { type Flag, type Flags, GLOBAL_FLAGS } from './flags.ts';
import { wrapText } from './render/wrap-text.ts';

const WIDTH = 80;

export function overviewHelp(commands: readonly Command[]): string {
  const names = commands.map(({ name, usage }) => `  ${name} ${usage}`);
  const column = Math.max(...names.map((name) => name.length)) + 3;
  return [
    'Overseed makes a libSQL database, and the media its rows point to, exactly',
    'equal to your repository: all or nothing, proved, undoable.',
    '',
    'Usage: overseed <command> [target] [flags]',
    '',
    ...commands.flatMap(({ summary }, index) => columns(names[index] ?? '', summary, column)),
    '',
    'Everywhere',
    ...flagLines(GLOBAL_FLAGS),
    '',
    'Start with `overseed init`; `overseed push --help` explains one command.',
    'Astro DB sites also push with `astro db execute db/seed.ts --remote --force`.',
  ].join('\n');
}

export function commandHelp({ name, usage, summary, details = [], flags, examples }: Command): string {
  return [
    `overseed ${name} ${usage}`.trimEnd(),
    '',
    ...wrapText(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`, WIDTH),
    ...details.flatMap((line) => wrapText(line, WIDTH)),
    '',
    ...(Object.keys(flags).length > 0 ? [...flagLines(flags), ''] : []),
    ...columns('  everywhere', Object.entries(GLOBAL_FLAGS).map(headOf).join(', '), 14),
    '',
    examples.length === 1 ? 'Example' : 'Examples',
    ...examples.flatMap(([command, does]) => [`  ${command}`, `      ${does}`]),
  ].join('\n');
}

function flagLines(flags: Flags): string[] {
  const heads = Object.entries(flags).map((entry) => `  ${headOf(entry)}`);
  const column = Math.max(...heads.map((head) => head.length)) + 2;
  return Object.values(flags).flatMap(({ help, choices }, index) =>
    columns(heads[index] ?? '', choices ? `${help} (${choices.join(', ')})` : help, column),
  );
}

function headOf([name, { value }]: [string, Flag]): string {
  return `--${name}${value ? ` ${value}` : ''}`;
}

/** Two columns; what does not fit into the second goes on below it. */
function columns(left: string, right: string, at: number): string[] {
  const [first = '', ...rest] = wrapText(right, WIDTH - at);
  return [`${left.padEnd(at)}${first}`, ...rest.map((line) => `${' '.repeat(at)}${line}`)];
}
