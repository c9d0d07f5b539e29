/** A copy of an example site in a folder of its own, run as a user runs it: `pnpm …` in its folder. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CommandResult, runCommand } from './run-command.ts';

const EXAMPLES = path.resolve(import.meta.dirname, '../../examples');
const COPIED = {
  'real-estate': ['db', 'src', 'images', 'public', 'astro.config.mjs', 'package.json', 'tsconfig.json'],
  'real-estate-drizzle': [
    ...['src', 'drizzle', 'public', 'package.json', 'tsconfig.json'],
    ...['astro.config.mjs', 'drizzle.config.ts', 'overseed.config.ts'],
  ],
};
const ASTRO = path.join('node_modules', 'astro', 'bin', 'astro.mjs');
const TIMEOUT_MS = 60_000;

/** Everything else stays outside: above all ASTRO_*, TURSO_*, CLOUDINARY_*, NODE_ENV and what vitest sets. */
const PASSED_ON =
  /^(NODE_COMPILE_CACHE|PATH|HOME|USER|SHELL|LANG|LC_.*|TZ|TMPDIR|TERM|PNPM_HOME|XDG_.*|COREPACK_.*)$/;

type Variables = Readonly<Record<string, string>>;

export interface SiteOptions {
  /** Default `real-estate`. */
  readonly example?: keyof typeof COPIED;
  /** By path in the site: what the file holds instead; null takes it away. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
  /** By path in the site: pieces of text and what stands there instead. Each piece must be there. */
  readonly edits?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** For every command. */
  readonly env?: Variables;
}

export interface CommandSettings {
  /** Added to the site's own; null takes a variable away. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Called with the output as it comes. */
  readonly onOutput?: (text: string) => void;
  readonly signal?: AbortSignal;
  /** Default 60 000. */
  readonly timeoutMs?: number;
}

export interface Site extends AsyncDisposable {
  readonly folder: string;
  /**
   * What `pnpm astro …args` does, without the half second that pnpm takes to start it: some hundred commands are run so.
   * @throws Error when a secret shows in the output, or the command does not end
   */
  astro(args: string, settings?: CommandSettings): Promise<CommandResult>;
  /** `pnpm …args`, with the same care. */
  pnpm(args: string, settings?: CommandSettings): Promise<CommandResult>;
  /** All that its commands have printed so far. */
  readonly printed: string;
  /** Bytes of a file of the site. */
  read(file: string): Promise<Buffer>;
}

export async function makeSite(options: SiteOptions = {}): Promise<Site> {
  const { example = 'real-estate', files = {}, edits = {}, env = {} } = options;
  const home = await mkdtemp(path.join(tmpdir(), 'sitio ñ '));
  const folder = path.join(home, 'inmobiliaria');
  await copyExample(example, folder);
  // The second example takes much from the first, which has to be beside it. Not by a link: Astro cannot tell the
  // components of a folder that shares no ancestor with the site's.
  if (example !== 'real-estate') await copyExample('real-estate', path.join(home, 'real-estate'));
  await change(folder, files, edits);
  let printed = '';

  async function run(
    command: readonly [string, ...string[]],
    settings: CommandSettings = {},
  ): Promise<CommandResult> {
    const variables = { ...env, ...settings.env };
    const [program, ...args] = command;
    const result = await runCommand(program, args, {
      cwd: folder,
      env: cleanEnvironment(variables),
      timeoutMs: settings.timeoutMs ?? TIMEOUT_MS,
      ...(settings.onOutput ? { output: settings.onOutput } : {}),
      ...(settings.signal ? { signal: settings.signal } : {}),
    });
    printed += result.stdout + result.stderr;
    requireNoSecret(result, variables);
    if (result.stoppedBy === 'timeout') {
      throw new Error(`${command.join(' ')} did not end in time:\n${result.stdout}\n${result.stderr}`);
    }
    return result;
  }

  return {
    folder,
    pnpm: (args, settings) => run(['pnpm', ...args.split(' ')], settings),
    astro: (args, settings = {}) =>
      run([process.execPath, ASTRO, ...args.split(' ')], {
        ...settings,
        // By this Overseed knows how its user would start it.
        env: { npm_config_user_agent: 'pnpm/10', ...settings.env },
      }),
    get printed() {
      return printed;
    },
    read: (file) => readFile(path.join(folder, file)),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** The values in `variables` that nobody may see: tokens and API secrets, wherever they stand. */
export function secretsOf(variables: Readonly<Record<string, string | null>>): string[] {
  const urls = ['CLOUDINARY_URL'].map((name) => variables[name]).filter((url) => URL.canParse(url ?? ''));
  return [
    variables.ASTRO_DB_APP_TOKEN,
    variables.TURSO_AUTH_TOKEN,
    variables.CLOUDINARY_API_SECRET,
    variables.AWS_SECRET_ACCESS_KEY,
    ...urls.map((url) => new URL(url ?? '').password),
  ].filter((secret) => typeof secret === 'string' && secret !== '') as string[];
}

/** The own environment as a set of changes that leaves only what a fresh terminal has, and `variables`. */
export function cleanEnvironment(
  variables: Readonly<Record<string, string | null>> = {},
): Record<string, string | undefined> {
  const hidden = Object.keys(process.env).filter((name) => !PASSED_ON.test(name));
  return {
    ...Object.fromEntries(hidden.map((name) => [name, undefined])),
    ASTRO_TELEMETRY_DISABLED: '1',
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value ?? undefined])),
  };
}

function requireNoSecret({ stdout, stderr }: CommandResult, variables: Record<string, string | null>): void {
  const shown = secretsOf(variables).some((secret) => stdout.includes(secret) || stderr.includes(secret));
  if (shown) throw new Error('A token or a secret stands in the output of a command.');
}

async function copyExample(example: keyof typeof COPIED, folder: string): Promise<void> {
  const original = path.join(EXAMPLES, example);
  await mkdir(folder);
  await Promise.all(
    COPIED[example].map((name) =>
      cp(path.join(original, name), path.join(folder, name), {
        recursive: true,
        // What earlier commands have left in the example is not part of it.
        filter: (source) => source !== path.join(original, 'public', 'media'),
      }),
    ),
  );
  await linkPackages(path.join(original, 'node_modules'), folder);
}

/** A folder of links rather than one link to a folder: Vite keeps its cache there, and each site needs its own. */
async function linkPackages(packages: string, folder: string): Promise<void> {
  const names = (await readdir(packages)).filter((name) => !/^\.(vite|astro)/.test(name));
  await mkdir(path.join(folder, 'node_modules'));
  await Promise.all(
    names.map((name) => symlink(path.join(packages, name), path.join(folder, 'node_modules', name))),
  );
}

async function change(
  folder: string,
  files: NonNullable<SiteOptions['files']>,
  edits: NonNullable<SiteOptions['edits']>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await (content === null ? rm(file) : writeFile(file, content));
  }
  for (const [name, pieces] of Object.entries(edits)) {
    const file = path.join(folder, name);
    let text = await readFile(file, 'utf8');
    for (const [before, after] of Object.entries(pieces)) {
      if (!text.includes(before)) throw new Error(`${name} does not contain: ${before}`);
      text = text.replace(before, () => after);
    }
    await writeFile(file, text);
  }
}
