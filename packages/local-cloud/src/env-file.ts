/** The environment as text, for eyes and for env files. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

const HEADER = '# Written by local-cloud; it is written anew at every start.';

type Environment = Readonly<Record<string, string>>;

/** One `NAME="value"` a line. */
function toEnvFile(env: Environment): string {
  return `${[HEADER, ...Object.entries(env).map(([name, value]) => `${name}="${value}"`)].join('\n')}\n`;
}

/**
 * Writes the environment to `path`, readable by its owner only.
 * @throws Error, and writes nothing, when a file is there that this program did not write
 */
export function writeEnvFile(path: string, env: Environment): void {
  if (existsSync(path) && !readFileSync(path, 'utf8').startsWith(HEADER)) {
    throw new Error(
      `${path} exists and was not written by local-cloud. It was left alone: choose another path.`,
    );
  }
  writeFileSync(path, toEnvFile(env), { mode: 0o600 });
  chmodSync(path, 0o600);
}
