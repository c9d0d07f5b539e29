/** The command line. */
import { createRequire } from 'node:module';
import { OverseedError } from '../model/error.ts';
import { nearestName } from '../util/nearest-name.ts';
import { COMMANDS } from './commands/index.ts';
import { exitProcess } from './exit.ts';
import { commandHelp, overviewHelp } from './help.ts';
import { reportFailure } from './output.ts';
import { readCall } from './read-call.ts';
import { unwrap } from './render/failure.ts';

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h') return print(overviewHelp(COMMANDS));
  if (name === '--version' || name === '-V') return print(version());
  if (name === 'help') return help(rest);
  const command = findCommand(name);
  if (rest.includes('-h')) return print(commandHelp(command));
  const call = readCall(command, rest);
  return call.flags.help ? print(commandHelp(command)) : command.run({ ...call, commands: COMMANDS });
}

function help([name]: readonly string[]): number {
  return print(name === undefined ? overviewHelp(COMMANDS) : commandHelp(findCommand(name)));
}

/** @throws BAD_FLAG naming the command that was probably meant */
function findCommand(name: string) {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command) return command;
  const names = COMMANDS.map((candidate) => candidate.name);
  const meant = nearestName(name, names);
  const what = name.startsWith('-') ? 'comes before a command' : 'is not a command';
  throw new OverseedError('BAD_FLAG', {
    what: `"${name}" ${what}${meant ? ` (did you mean ${meant}?)` : ''}.`,
    state: 'not-contacted',
    next: '`overseed --help` lists the commands.',
  });
}

function version(): string {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  return version;
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

// Whoever read our output has gone (`… | head`). That is no reason to leave work half done.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  await exitProcess(await main(process.argv.slice(2)));
} catch (error) {
  const failure = unwrap(error);
  reportFailure(failure, {
    format: process.argv.includes('--json') ? 'json' : 'text',
    color: !process.argv.includes('--no-color'),
    isGitHub: process.env.GITHUB_ACTIONS === 'true',
  });
  await exitProcess(failure.exitCode);
}
