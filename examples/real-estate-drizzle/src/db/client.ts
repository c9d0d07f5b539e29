import { TURSO_AUTH_TOKEN, TURSO_DATABASE_URL } from 'astro:env/server';
import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';

const client = createClient({
  url: TURSO_DATABASE_URL,
  ...(TURSO_AUTH_TOKEN === undefined ? {} : { authToken: TURSO_AUTH_TOKEN }),
});

export const db = drizzle(client);
