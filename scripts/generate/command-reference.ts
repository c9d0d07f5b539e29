/** The commands as a page of documentation. */
import type { Command } from '../../packages/overseed/src/cli/command.ts';
import { type Flags, GLOBAL_FLAGS } from '../../packages/overseed/src/cli/flags.ts';
import { table } from './table.ts';

export function commandReference(commands: readonly Command[]): string {
  return [...commands.map(oneCommand), `## Flags of every command\n\n${flagTable(GLOBAL_FLAGS)}\n`].join(
    '\n',
  );
}

function oneCommand({ name, usage, summary, details = [], flags, examples }: Command): string {
  const about = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}. ${details.join(' ')}`.trim();
  const lines = examples.map(([command, does]) => `${command}    # ${does}`).join('\n');
  const table = Object.keys(flags).length > 0 ? `${flagTable(flags)}\n\n` : '';
  return `## ${name}\n\n\`overseed ${`${name} ${usage}`.trim()}\`\n\n${about}\n\n${table}\`\`\`sh\n${lines}\n\`\`\`\n`;
}

function flagTable(flags: Flags): string {
  return table(
    ['flag', 'means'],
    Object.entries(flags).map(([name, { value, help, choices }]) => [
      `\`--${name}${value ? ` ${value}` : ''}\``,
      choices ? `${help}: ${choices.map((choice) => `\`${choice}\``).join(', ')}` : help,
    ]),
  );
}
