/**
 * `npm run demo`: the job that Overseed was made for, on real servers on this machine. A remote database holds an older
 * state of a real-estate site; one command makes it, and the 180 images of the site, exactly what the repository says.
 * `--keep` leaves the servers running at the end, to look around.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type LocalCloud, startLocalCloud } from '../packages/local-cloud/dist/index.js';
import { type CommandResult, runCommand } from '../test/support/run-command.ts';
import { serveStatic } from '../test/support/serve-static.ts';
import { lookAtSite } from './demo/look-at-site.ts';
import { Narrator, StepFailure } from './demo/narrator.ts';
import { olderData } from './demo/older-data.ts';
import { CLOSING_QUERY, dump, insertRows, query } from './demo/remote-database.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SITE = path.join(ROOT, 'examples/real-estate');
const PICTURES = path.join(ROOT, '.artefacts');
const TAIL_LINES = 60;
const COMMAND_TIMEOUT_MS = 5 * 60_000;
const EXPECTED = { categories: 11, properties: 60, images: 180, cloudinary_images: 180 };

const narrator = new Narrator();
const interruption = new AbortController();
/** What to stop at the end, the last one first. */
const running: (() => PromiseLike<void>)[] = [];

async function demo(afterwards: 'stop' | 'keep'): Promise<void> {
  console.log('Overseed demo: a remote database and its images, made equal to the repository');

  const cloud = await narrator.step('Start a Turso and a Cloudinary on this machine', startCloud);
  const seedRemote = ['execute', 'db/seed.ts', '--remote'];

  await narrator.step('Push the schema to the remote', () => astro(cloud, ['db', 'push', '--remote']));

  const before = await narrator.step('Fill the remote with older, different data', async () => {
    await insertRows(cloud.database, olderData);
    await sayCounts(cloud);
    return dump(cloud.database);
  });

  await narrator.step('Without --force, data that is there is protected', async () => {
    await astro(cloud, ['db', ...seedRemote]);
    insist(
      (await dump(cloud.database)) === before,
      'The remote was changed, although --force was not given.',
    );
    narrator.say('The remote is unchanged, byte for byte.');
  });

  const overwrite = await narrator.step('Overwrite the remote: rows and images, all or nothing', async () => {
    const result = await astro(cloud, ['db', ...seedRemote, '--force']);
    await insistOnFinalState(cloud);
    const { uploads } = cloud.cloudinary.counters();
    insist(uploads === EXPECTED.images, `The image store took ${uploads} uploads, not ${EXPECTED.images}.`);
    narrator.say(`The image store took ${uploads} uploads.`);
    return result;
  });

  await narrator.step('Do it again: nothing is written, nothing is uploaded', async () => {
    const [rows, uploads] = [await dump(cloud.database), cloud.cloudinary.counters().uploadRequests];
    await astro(cloud, ['db', ...seedRemote, '--force']);
    insist((await dump(cloud.database)) === rows, 'The second run changed rows.');
    const again = cloud.cloudinary.counters().uploadRequests - uploads;
    insist(again === 0, `The second run sent ${again} uploads.`);
    narrator.say('The rows are the same, byte for byte; the image store was sent nothing.');
  });

  await narrator.step('Prove it: every count, key, URL and value', () =>
    astro(cloud, ['db', 'execute', 'db/scripts/verify-state.ts', '--remote']),
  );

  await narrator.step('Build the site from the remote database', () =>
    astro(cloud, ['build', '--remote'], isBuildMilestone),
  );

  const address = await narrator.step('Look at it in a real browser', async () => {
    const server = await serveStatic(path.join(SITE, 'dist'));
    running.push(() => server[Symbol.asyncDispose]());
    const report = await lookAtSite(server.url, PICTURES);
    insist(
      report.cards === EXPECTED.properties,
      `The home page shows ${report.cards} cards, not ${EXPECTED.properties}.`,
    );
    insist(report.brokenImages.length === 0, `Images that did not load:\n${report.brokenImages.join('\n')}`);
    narrator.say(`${report.cards} cards, ${report.images} images, all loaded.`);
    for (const picture of report.screenshots) narrator.say(`screenshot  ${path.relative(ROOT, picture)}`);
    return server.url;
  });

  await summarise(cloud, overwrite, afterwards);
  if (afterwards === 'keep') await keepRunning(cloud, address);
}

/** Undefined when there is something that it does not know. */
function readArguments(): 'stop' | 'keep' | undefined {
  try {
    const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
    return values.keep ? 'keep' : 'stop';
  } catch (error) {
    console.error(`${(error as Error).message}\nUsage: npm run demo [-- --keep]\nNothing was started.`);
    return undefined;
  }
}

async function startCloud(): Promise<LocalCloud> {
  const cloud = await startLocalCloud();
  running.push(() => cloud.stop());
  narrator.say(`database  ${cloud.env.ASTRO_DB_REMOTE_URL ?? cloud.database.url}`);
  narrator.say(`images    Cloudinary emulator, cloud "${cloud.env.CLOUDINARY_CLOUD_NAME ?? 'demo'}"`);
  return cloud;
}

/**
 * Runs `pnpm astro …` in the example's folder, as a user would, and shows what it prints.
 * @param isTelling which lines to show while all goes well; after a failure the end of the output is shown in full
 */
async function astro(
  cloud: LocalCloud,
  args: readonly string[],
  isTelling?: (line: string) => boolean,
): Promise<CommandResult> {
  const line = `pnpm astro ${args.join(' ')}`;
  narrator.command(line);
  const output = narrator.openOutput(isTelling);
  const result = await runCommand('pnpm', ['astro', ...args], {
    cwd: SITE,
    // Colour codes would count as columns where lines are broken.
    env: { ...cloud.env, ASTRO_TELEMETRY_DISABLED: '1', FORCE_COLOR: undefined },
    timeoutMs: COMMAND_TIMEOUT_MS,
    output: (text) => output.write(text),
    signal: interruption.signal,
  });
  output.end();
  interruption.signal.throwIfAborted();
  if (result.stoppedBy === 'timeout')
    throw new StepFailure(`\`${line}\` did not end within ${COMMAND_TIMEOUT_MS / 1000} s.`);
  if (result.exitCode !== 0 && isTelling) showTail(result);
  insist(result.exitCode === 0, `\`${line}\` ended with exit code ${result.exitCode}; its output is above.`);
  return result;
}

function showTail({ stdout, stderr }: CommandResult): void {
  narrator.say(`The last ${TAIL_LINES} lines in full:`);
  const output = narrator.openOutput();
  output.write(`${stdout}\n${stderr}`.trimEnd().split('\n').slice(-TAIL_LINES).join('\n'));
  output.end();
}

/** `[build] 62 page(s) built in 2.70s`, but not the pages one by one, nor what the bundler thinks of dependencies. */
function isBuildMilestone(line: string): boolean {
  return /\[astro:db\]|\[build\] (\d+ page|Complete)/.test(line);
}

async function insistOnFinalState(cloud: LocalCloud): Promise<void> {
  const [counts] = await query(cloud.database, CLOSING_QUERY);
  const isRight = Object.entries(EXPECTED).every(([name, count]) => counts?.[name] === count);
  insist(isRight, `The remote holds ${JSON.stringify(counts)}, not ${JSON.stringify(EXPECTED)}.`);
}

async function sayCounts(cloud: LocalCloud): Promise<void> {
  const [counts = {}] = await query(cloud.database, CLOSING_QUERY);
  narrator.say(
    Object.entries(counts)
      .map(([name, count]) => `${name} ${String(count)}`)
      .join(' · '),
  );
}

async function summarise(
  cloud: LocalCloud,
  overwrite: CommandResult,
  afterwards: 'stop' | 'keep',
): Promise<void> {
  console.log('\nSummary');
  await sayCounts(cloud);
  const sayAligned = (label: string, text: string) => narrator.say(`${label.padStart(7)}  ${text}`);
  for (const { title, seconds } of narrator.steps) sayAligned(`${seconds.toFixed(1)} s`, title);
  // The seed ends with these two lines; a stage of the same name has a tick before it.
  for (const [, label = '', text = ''] of overwrite.stdout.matchAll(/^ {2}(backup|undo) +(\S.*)$/gm))
    sayAligned(label, text);
  const howToReachThem =
    afterwards === 'keep' ? 'with the variables below' : 'while the servers run (add --keep)';
  sayAligned('', `in ${path.relative(ROOT, SITE)}, ${howToReachThem}`);
}

async function keepRunning(cloud: LocalCloud, address: string): Promise<void> {
  console.log(`\nThe site is at ${address} until you press Ctrl-C.`);
  console.log('To use the same servers from examples/real-estate in another terminal:\n');
  for (const [name, value] of Object.entries(cloud.env)) console.log(`  export ${name}='${value}'`);
  // An abort signal alone does not keep the process alive; the servers may run in other processes.
  const alive = setInterval(() => {}, 60_000);
  await new Promise((resolve) => interruption.signal.addEventListener('abort', resolve, { once: true }));
  clearInterval(alive);
  console.log('\nStopping.');
}

function insist(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new StepFailure(complaint);
}

async function stopEverything(): Promise<void> {
  for (const stop of running.splice(0).reverse()) {
    try {
      await stop();
    } catch (error) {
      // The others must still be stopped.
      console.error('Could not stop a server:', error);
      process.exitCode = 1;
    }
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort(signal);
  });
}

async function main(): Promise<void> {
  const afterwards = readArguments();
  if (afterwards === undefined) {
    process.exitCode = 4;
    return;
  }
  try {
    await demo(afterwards);
  } catch (error) {
    if (interruption.signal.aborted) {
      console.error('\nInterrupted.');
      process.exitCode = 130;
    } else {
      console.error(
        `\nThe demo stopped at step ${narrator.steps.length + 1}. All its servers are being stopped.`,
      );
      console.error(error instanceof StepFailure ? error.message : error);
      process.exitCode = 1;
    }
  } finally {
    await stopEverything();
  }
}

await main();
