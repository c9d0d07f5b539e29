/** Environment variables as a project sees them: the process's own first, then those of env files. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

export interface Environment {
  /** Undefined when the variable is not set or empty. */
  get(name: string): string | undefined;
  /** Where `name` was found: `the environment`, or the file; undefined when it is not set. */
  originOf(name: string): string | undefined;
  /** Whether an env file says otherwise than the process's own variable, which wins. */
  isOverridden(name: string): boolean;
  /** All of them, by name, with the values that count. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Where variables are read from, for messages. */
  readonly places: string;
}

const PROJECT_FILES = ['.env.local', '.env'];

export interface EnvironmentOptions {
  /** Relative to the root; the first that has a variable wins. Those that do not exist are passed over. */
  readonly files?: readonly string[];
  readonly processEnv?: NodeJS.ProcessEnv;
}

export function readEnvironment(
  root: string,
  { files = PROJECT_FILES, processEnv = process.env }: EnvironmentOptions = {},
): Environment {
  const existing = files.filter((name) => existsSync(path.resolve(root, name)));
  const layers = [
    { origin: 'the environment', values: processEnv },
    ...existing.map((name) => ({
      origin: name,
      values: parseEnv(readFileSync(path.resolve(root, name), 'utf8')),
    })),
  ];
  // A variable that is set to nothing counts as not set, in the environment as in a file.
  const find = (name: string) =>
    layers
      .map(({ origin, values }) => ({ origin, value: values[name]?.trim() }))
      .filter(({ value }) => value !== undefined && value !== '');
  return {
    get: (name) => find(name)[0]?.value,
    originOf: (name) => find(name)[0]?.origin,
    isOverridden(name) {
      const [first, second] = find(name);
      return first?.origin === 'the environment' && second !== undefined && second.value !== first.value;
    },
    variables: Object.assign({}, ...layers.toReversed().map(({ values }) => values)),
    places: describePlaces(existing, files),
  };
}

/** The variables of one target: `.env.<target>` alone if it is there, so that nothing of another target slips in. */
export function targetEnvFiles(root: string, target: string): readonly string[] {
  const own = `.env.${target}`;
  return existsSync(path.join(root, own)) ? [own] : PROJECT_FILES;
}

function describePlaces(existing: readonly string[], wanted: readonly string[]): string {
  if (existing.length > 0) return `the environment and ${existing.toReversed().join(', ')}`;
  return `the environment (there is no ${wanted.at(-1)} file)`;
}
