/** Environment variables as a site sees them: the process's own first, then `.env.local`, then `.env`. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

export interface Environment {
  /** Undefined when the variable is not set or empty. */
  get(name: string): string | undefined;
  /** Where variables are read from, for messages. */
  readonly places: string;
}

const FILES = ['.env.local', '.env'];

export function readEnvironment(root: string, processEnv: NodeJS.ProcessEnv = process.env): Environment {
  const files = FILES.filter((name) => existsSync(path.join(root, name)));
  const layers = [processEnv, ...files.map((name) => parseEnv(readFileSync(path.join(root, name), 'utf8')))];
  return {
    get(name) {
      // A variable that is set to nothing counts as not set, in the environment as in a file.
      return layers.map((layer) => layer[name]?.trim()).find((value) => value !== undefined && value !== '');
    },
    places:
      files.length > 0
        ? `the environment and ${files.toReversed().join(', ')}`
        : 'the environment (there is no .env file)',
  };
}
