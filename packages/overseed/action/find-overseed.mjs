/** The Overseed of the project: its own version, its own configuration. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { BadInput } from './inputs.mjs';

/**
 * @param {string} folder of the project
 * @returns {{ program: string, args: string[] }} what to start, in front of the command
 * @throws BadInput when it is not installed there
 */
export function findOverseed(folder) {
  // Yarn's Plug'n'Play has no node_modules to look into; only Yarn knows where packages are.
  for (let above = folder; ; above = path.dirname(above)) {
    if (existsSync(path.join(above, '.pnp.cjs'))) return { program: 'yarn', args: ['overseed'] };
    if (above === path.dirname(above)) break;
  }
  try {
    const manifest = createRequire(path.join(folder, 'package.json')).resolve('overseed/package.json');
    return { program: process.execPath, args: [path.join(path.dirname(manifest), 'bin', 'overseed.js')] };
  } catch (cause) {
    throw new BadInput(
      `Overseed is not installed in ${folder}. Install the project's packages in a step before this one (npm ci, for example).`,
      { cause },
    );
  }
}
