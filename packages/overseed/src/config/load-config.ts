/** A configuration file → `Config`. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Config } from './config.ts';
import { loadModule } from './load-module.ts';
import { parseConfig } from './parse-config.ts';

/**
 * @param file absolute path
 * @throws CONFIG_INVALID
 */
export async function loadConfig(file: string, cwd: string): Promise<Config> {
  const label = path.relative(cwd, file) || file;
  if (!existsSync(file)) {
    throw new OverseedError('CONFIG_INVALID', {
      what: `There is no configuration ${label}.`,
      state: 'not-contacted',
      next: 'Check the path after --config; `overseed init` writes a configuration.',
    });
  }
  const given = file.endsWith('.json') ? await readJson(file, label) : await readModule(file, label);
  return parseConfig(given, { label, root: path.dirname(file) });
}

async function readModule(file: string, label: string): Promise<unknown> {
  const module = await loadModule(file, label);
  if ('default' in module) return module.default;
  throw new OverseedError('CONFIG_INVALID', {
    what: `${label} has no default export.`,
    state: 'not-contacted',
    next: 'Write `export default defineConfig({ … })`.',
  });
}

async function readJson(file: string, label: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new OverseedError('CONFIG_INVALID', {
      what: `${label} is not JSON: ${messageOf(cause)}.`,
      state: 'not-contacted',
      next: 'Correct it, then run this again. A configuration with comments or code can be a .ts or .js file.',
      cause,
    });
  }
}
