/** The remote database from the environment, under Astro's names or Turso's. */
import { OverseedError } from '../model/error.ts';
import type { Environment } from './environment.ts';

export interface RemoteDatabase {
  readonly url: string;
  readonly token: string | undefined;
  readonly variables: { readonly url: string; readonly token: string };
}

export const REMOTE_VARIABLES = [
  { url: 'ASTRO_DB_REMOTE_URL', token: 'ASTRO_DB_APP_TOKEN' },
  { url: 'TURSO_DATABASE_URL', token: 'TURSO_AUTH_TOKEN' },
] as const;

/** @throws CONFIG_INVALID naming what is missing */
export function remoteDatabase(environment: Environment): RemoteDatabase {
  for (const variables of REMOTE_VARIABLES) {
    const url = environment.get(variables.url);
    if (url !== undefined) return { url, token: environment.get(variables.token), variables };
  }
  throw new OverseedError('CONFIG_INVALID', {
    what: `No remote database is configured: neither ${REMOTE_VARIABLES.map(({ url }) => url).join(' nor ')} is set in ${environment.places}.`,
    state: 'not-contacted',
    next: `Set ${REMOTE_VARIABLES[0].url} and ${REMOTE_VARIABLES[0].token}, for example in .env.`,
  });
}
