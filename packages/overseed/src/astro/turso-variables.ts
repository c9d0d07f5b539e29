/** For `astro.config.mjs`: lets Astro DB find the database under Turso's own variable names. */
import { readEnvironment } from '../config/environment.ts';

/**
 * Sets ASTRO_DB_REMOTE_URL and ASTRO_DB_APP_TOKEN from TURSO_DATABASE_URL and TURSO_AUTH_TOKEN where they are not
 * set, for this process. Call it before `defineConfig`.
 */
export function useTursoVariables(root: string = process.cwd()): void {
  const environment = readEnvironment(root);
  if (environment.get('ASTRO_DB_REMOTE_URL') !== undefined) return;
  const url = environment.get('TURSO_DATABASE_URL');
  const token = environment.get('TURSO_AUTH_TOKEN');
  if (url !== undefined) process.env.ASTRO_DB_REMOTE_URL = url;
  if (token !== undefined) process.env.ASTRO_DB_APP_TOKEN = token;
}
