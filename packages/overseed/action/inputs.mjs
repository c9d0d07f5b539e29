/** The inputs of the action, as variables of the environment, and the command line that they mean. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** An input that the author of the workflow has to correct. */
export class BadInput extends Error {}

const COMMANDS = ['plan', 'push', 'verify'];

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ command: string, args: string[], folder: string, summary: boolean }}
 * @throws BadInput naming the input
 */
export function readInputs(env) {
  const text = (name) => (env[`OVERSEED_${name}`] ?? '').trim();
  const lines = (name) =>
    text(name)
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  const flag = (input, name) => {
    const value = text(name);
    if (!['', 'true', 'false'].includes(value))
      throw new BadInput(`${input} must be 'true' or 'false', not "${value}".`);
    return value;
  };

  const command = text('COMMAND') || 'plan';
  if (!COMMANDS.includes(command))
    throw new BadInput(`command must be plan, push or verify, not "${command}".`);
  const targets = lines('TARGETS');
  const flagLike = targets.find((name) => name.startsWith('-'));
  if (flagLike !== undefined)
    throw new BadInput(`targets has "${flagLike}", which is a flag: say it in arguments.`);
  const extra = lines('ARGUMENTS');
  const noFlag = extra.find((argument) => !argument.startsWith('--'));
  if (noFlag !== undefined)
    throw new BadInput(`arguments has "${noFlag}", which is no flag: write --name=value, one a line.`);
  const folder = path.resolve(text('FOLDER') || '.');
  if (!existsSync(folder)) throw new BadInput(`working-directory ${folder} does not exist.`);

  const pushOnly = {
    force: flag('force', 'FORCE') === 'true',
    confirm: text('CONFIRM'),
    'max-deletes': text('MAX_DELETES'),
  };
  const misplaced = Object.entries(pushOnly).find(([, value]) => value && command !== 'push');
  if (misplaced) throw new BadInput(`${misplaced[0]} is for push, and the command is ${command}.`);
  const planFile = text('PLAN_FILE');
  if (planFile && command === 'verify')
    throw new BadInput('plan-file is for plan and push, and the command is verify.');

  // With "=" between them, a value that begins with a dash stays a value.
  const flags = [
    ...(pushOnly.force ? ['--force'] : []),
    ...(pushOnly.confirm ? [`--confirm=${lines('CONFIRM').join(',')}`] : []),
    ...(pushOnly['max-deletes'] ? [`--max-deletes=${pushOnly['max-deletes']}`] : []),
    ...(planFile ? [`${command === 'plan' ? '--out' : '--plan'}=${planFile}`] : []),
  ];
  const summary = flag('summary', 'SUMMARY') !== 'false';
  return { command, args: [command, ...targets, '--json', ...flags, ...extra], folder, summary };
}
