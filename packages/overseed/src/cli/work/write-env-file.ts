import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { OverseedError } from '../../model/error.ts';

const HEADER = '# Written by `overseed dev`; it is written anew at every start.';

/**
 * Writes variables to `file`, readable by its owner only.
 * @throws BAD_FLAG, and writes nothing, when a file is there that was not written here
 */
export function writeEnvFile(file: string, env: Readonly<Record<string, string>>): void {
  if (existsSync(file) && !readFileSync(file, 'utf8').startsWith(HEADER)) {
    throw new OverseedError('BAD_FLAG', {
      what: `${file} is there already, and was not written by \`overseed dev\`.`,
      state: 'not-contacted',
      next: 'Name another file after --write-env.',
    });
  }
  const lines = Object.entries(env).map(([name, value]) => `${name}="${value}"\n`);
  writeFileSync(file, `${HEADER}\n${lines.join('')}`, { mode: 0o600 });
  chmodSync(file, 0o600);
}
