import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Environment } from './environment.ts';

/** Where Astro keeps it: ASTRO_DATABASE_FILE, else `.astro/content.db`. */
export function localDatabaseFile(root: string, environment: Environment): string {
  const set = environment.get('ASTRO_DATABASE_FILE');
  if (set === undefined) return path.join(root, '.astro', 'content.db');
  return set.startsWith('file:')
    ? fileURLToPath(new URL(set, pathToFileURL(`${root}/`)))
    : path.resolve(root, set);
}
