/** The command line. */
import { createRequire } from 'node:module';
import { OverseedError } from '../model/error.ts';
import { nearestName } from '../util/nearest-name.ts';
import type { Command } from './command.ts';
import { prune } from './commands/prune.ts';
import { restore, undo } from './commands/restore.ts';
import { exitProcess } from './exit.ts';
import { parseFlags } from './parse-flags.ts';
import { unwrap } from './render/failure.ts';
import { report } from './run-command.ts';

const COMMANDS: readonly Command[] = [restore, undo, prune];

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return print(overview());
  if (name === '--version') return print(version());
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) {
    const meant = nearestName(
      name,
      COMMANDS.map((candidate) => candidate.name),
    );
    throw new OverseedError('BAD_FLAG', {
      what: `"${name}" is not a command${meant ? ` (did you mean ${meant}?)` : ''}.`,
      state: 'not-contacted',
      next: '`overseed --help` lists the commands.',
    });
  }
  if (rest.includes('--help') || rest.includes('-h')) return print(commandHelp(command));
  return command.run(parseFlags(rest, command.flags));
}

function overview(): string {
  return [
    'Overseed makes a libSQL database, and the media its rows point to, exactly equal to your repository.',
    '',
    ...COMMANDS.map(({ usage, summary }) => `  ${usage}\n      ${summary}`),
    '',
    'Astro DB sites push with `astro db execute db/seed.ts --remote --force`.',
  ].join('\n');
}

function commandHelp({ usage, summary, help }: Command): string {
  return [usage, '', summary, '', ...help.map((line) => (line ? `  ${line}` : ''))].join('\n');
}

function version(): string {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  return version;
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

try {
  await exitProcess(await main(process.argv.slice(2)));
} catch (error) {
  const failure = unwrap(error);
  report(failure, { format: process.argv.includes('--json') ? 'json' : 'text' });
  await exitProcess(failure.exitCode);
}
