/** Measured is what users run: the built package, and not its sources, which each thread would have to translate first. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(import.meta.dirname, '..');

/** Builds the package as it is now. */
export async function buildPackage(): Promise<void> {
  const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');
  const project = path.join(ROOT, 'packages', 'overseed', 'tsconfig.build.json');
  await promisify(execFile)(tsc, ['-p', project], { shell: process.platform === 'win32' });
}
