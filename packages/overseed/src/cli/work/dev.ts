import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, OverseedError } from '../../model/error.ts';
import type { Call } from '../command.ts';
import { chooseOutput, type Output } from '../output.ts';
import { jsonLine } from '../render/json.ts';
import { withInterrupts } from '../run-command.ts';
import { writeEnvFile } from './write-env-file.ts';

/** Ctrl-C is how it ends. */
const INTERRUPTED = 130;

type DevCall = Call<{ 'write-env': { type: 'text'; help: string }; data: { type: 'text'; help: string } }>;

/** What we use of local-cloud. */
interface LocalCloudPackage {
  startLocalCloud(options: { dataDir?: string }): Promise<
    {
      readonly env: Readonly<Record<string, string>>;
      readonly database: { readonly died: Promise<Error> };
    } & AsyncDisposable
  >;
}

export function dev({ flags }: DevCall): Promise<number> {
  const output = chooseOutput(flags);
  return withInterrupts(output, async (signal) => {
    const { startLocalCloud } = await importLocalCloud();
    const dataDir = flags.data === undefined ? {} : { dataDir: path.resolve(flags.data) };
    await using cloud = await startLocalCloud(dataDir);
    if (!signal.aborted) announce(cloud.env, flags['write-env'], output);
    await Promise.race([
      aborted(signal),
      cloud.database.died.then((error) => Promise.reject(diedEarly(error))),
    ]);
    if (output.format === 'json') output.write(jsonLine({ kind: 'cloud-stopped' }));
    if (output.format === 'text') output.write('\nBoth have ended.\n');
    return INTERRUPTED;
  });
}

function announce(env: Readonly<Record<string, string>>, envFile: string | undefined, output: Output): void {
  if (envFile !== undefined) writeEnvFile(envFile, env);
  if (output.format === 'json') output.write(jsonLine({ kind: 'cloud-started', env, envFile }));
  if (output.format === 'text') output.write(describe(env, envFile));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function describe(env: Readonly<Record<string, string>>, envFile: string | undefined): string {
  const lines = Object.entries(env).map(([name, value]) => `  ${name}=${value}`);
  const environment = envFile === undefined ? lines.join('\n') : `  Its environment is in ${envFile}`;
  return `A Turso and a Cloudinary run on this machine.\n\n${environment}\n\nCtrl-C ends both.\n`;
}

/** From the project first, then from beside this package. @throws PACKAGE_MISSING */
async function importLocalCloud(): Promise<LocalCloudPackage> {
  for (const from of [path.join(process.cwd(), 'package.json'), import.meta.filename]) {
    try {
      const file = createRequire(from).resolve('local-cloud');
      if (existsSync(file)) return (await import(pathToFileURL(file).href)) as LocalCloudPackage;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cannotStart(error);
    }
  }
  throw new OverseedError('PACKAGE_MISSING', {
    what: '`overseed dev` needs the package local-cloud, which is not installed.',
    state: 'not-contacted',
    next: 'Add it to the project: npm install --save-dev --ignore-scripts local-cloud',
  });
}

function cannotStart(cause: unknown): OverseedError {
  return new OverseedError('PACKAGE_MISSING', {
    what: `The package local-cloud cannot be used: ${messageOf(cause)}.`,
    state: 'not-contacted',
    next: 'Install it anew.',
    cause,
  });
}

function diedEarly(cause: Error): OverseedError {
  return new OverseedError('TARGET_UNREACHABLE', {
    what: `The database server ended by itself: ${messageOf(cause)}.`,
    state: 'not-contacted',
    next: 'Start it again.',
    cause,
  });
}
