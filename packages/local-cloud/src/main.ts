/** The command line: starts both halves, shows the environment, and ends cleanly. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { writeEnvFile } from './env-file.ts';
import { type LocalCloud, startLocalCloud } from './local-cloud.ts';

const HELP = `local-cloud: a Turso and a Cloudinary on your own machine

Usage: local-cloud [options]

Options:
  --write-env PATH        write the environment to PATH (mode 0600) instead of showing it
  --json                  print one line of JSON: { env, database, cloudinary }
  --data DIR              keep data, ports and keys in DIR (default: thrown away at the end)
  --database-port N       port of the database (default: a free one)
  --cloudinary-port N     port of the media emulator (default: a free one)
  --cloud-name NAME       Cloudinary cloud name (default: demo)
  --help                  show this text

Runs until Ctrl-C (exit code 130) or SIGTERM (0). Exit code 1: it could not start, or the database ended by itself.
Exit code 4: bad arguments.
`;

const EXIT = { done: 0, failed: 1, badInput: 4, interrupted: 130 } as const;

function parse(args: string[]) {
  const { values } = parseArgs({
    args,
    strict: true,
    allowPositionals: false,
    options: {
      'write-env': { type: 'string' },
      json: { type: 'boolean', default: false },
      data: { type: 'string' },
      'database-port': { type: 'string' },
      'cloudinary-port': { type: 'string' },
      'cloud-name': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    help: values.help,
    json: values.json,
    envFile: values['write-env'],
    cloud: {
      ...(values.data === undefined ? {} : { dataDir: values.data }),
      database: { ...portFrom('--database-port', values['database-port']) },
      cloudinary: {
        ...portFrom('--cloudinary-port', values['cloudinary-port']),
        ...(values['cloud-name'] === undefined ? {} : { cloudName: values['cloud-name'] }),
      },
    },
  };
}

function portFrom(flag: string, text: string | undefined): { port?: number } {
  if (text === undefined) return {};
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return { port };
  throw new TypeError(`${flag} must be a number from 1 to 65535, not "${text}"`);
}

function describe({ env }: LocalCloud, envFile: string | undefined): string {
  const width = Math.max(...Object.keys(env).map((name) => name.length));
  const lines = Object.entries(env).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  const environment = envFile === undefined ? lines.join('\n') : `  The environment is in ${envFile}`;
  return `A Turso and a Cloudinary are running on this machine.\n\n${environment}\n\nCtrl-C ends both.\n`;
}

async function run(args: string[]): Promise<number> {
  let options: ReturnType<typeof parse>;
  try {
    options = parse(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\nTry: local-cloud --help\n`);
    return EXIT.badInput;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const ended = Promise.race([
    once(process, 'SIGINT').then(() => EXIT.interrupted),
    once(process, 'SIGTERM').then(() => EXIT.done),
  ]);
  const starting = startLocalCloud(options.cloud);
  const localCloud = await Promise.race([starting, ended]);
  if (typeof localCloud === 'number') {
    await (await starting).stop();
    return localCloud;
  }
  try {
    if (options.envFile !== undefined) writeEnvFile(options.envFile, localCloud.env);
    process.stdout.write(options.json ? `${toJson(localCloud)}\n` : describe(localCloud, options.envFile));
    const death = localCloud.database.died.then((error) => {
      process.stderr.write(`${error.message}\n`);
      return EXIT.failed;
    });
    return await Promise.race([ended, death]);
  } finally {
    await localCloud.stop();
  }
}

const toJson = ({ env, database, cloudinary }: LocalCloud) =>
  JSON.stringify({
    env,
    database: { url: database.url, pid: database.pid },
    cloudinary: { url: cloudinary.url },
  });

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = EXIT.failed;
}
