/**
 * `pnpm demo`: an empty Turso and a Cloudinary on this machine; migrations make the tables, one push fills them and
 * uploads the images, Astro builds the site from them and shows it until Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { startLocalCloud } from 'local-cloud';

const FOLDER = path.resolve(import.meta.dirname, '..');

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const cloud = await startLocalCloud();
try {
  await pnpm('migrate:production');
  await pnpm('overseed push production --force');
  await pnpm('overseed push production --force'); // Nothing to do: nothing is written, nothing is uploaded.
  await pnpm('build');
  await pnpm('preview --host 127.0.0.1');
} catch (error) {
  if (!stop.signal.aborted) throw error;
} finally {
  await cloud.stop();
}

/** Its output goes to this terminal. @throws Error when it fails, or is stopped */
async function pnpm(args: string): Promise<void> {
  stop.signal.throwIfAborted();
  console.log(`\n$ pnpm ${args}`);
  const child = spawn('pnpm', args.split(' '), {
    cwd: FOLDER,
    // What is in the environment wins over what a .env file says.
    env: { ...process.env, ...cloud.env, ASTRO_TELEMETRY_DISABLED: '1' },
    stdio: 'inherit',
    signal: stop.signal,
    killSignal: 'SIGTERM',
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0) throw new Error(`\`pnpm ${args}\` ended with exit code ${exitCode}.`);
}
