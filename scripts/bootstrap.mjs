/**
 * The set-up behind `npm run demo` and `npm test`. It starts from a machine that has only Node 18, npm and git, so it
 * is plain JavaScript without dependencies; what it installs stays in `.tools/` and `node_modules/` of this folder.
 * Each step looks first whether its result is there already: the second run spends about a second here.
 */
import { environmentFor } from './bootstrap/environment.mjs';
import { SetupFailure } from './bootstrap/failure.mjs';
import { ensureOtherNodes } from './bootstrap/other-nodes.mjs';
import { runTask } from './bootstrap/process.mjs';
import { ensureS3Server } from './bootstrap/s3-server.mjs';
import { ensureToolchain } from './bootstrap/toolchain.mjs';
import { buildPackages, installDependencies } from './bootstrap/workspace.mjs';

const TASKS = new Map([
  ['demo', 'scripts/demo.ts'],
  ['demo:drizzle', 'examples/real-estate-drizzle/scripts/demo.ts'],
  ['check', 'scripts/check.ts'],
]);

async function main([task = '', ...taskArguments]) {
  const script = TASKS.get(task);
  if (script === undefined) {
    throw new SetupFailure(`There is no task "${task}".`, `Use one of: ${[...TASKS.keys()].join(', ')}.`);
  }
  console.log('Set-up');
  const toolchain = await ensureToolchain();
  const environment = environmentFor(toolchain.binFolders);
  await installDependencies(toolchain, environment);
  if (task === 'check') {
    await ensureS3Server(environment);
    await ensureOtherNodes(environment);
  }
  await buildPackages(environment);
  console.log('');
  // Node 22 runs TypeScript but says at every start that this is new.
  const nodeOptions = ['--disable-warning=ExperimentalWarning'];
  return runTask(toolchain.node, [...nodeOptions, script, ...taskArguments], environment);
}

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error) => {
    console.error(error instanceof SetupFailure ? `\n${error.message}` : error);
    process.exitCode = 1;
  },
);
