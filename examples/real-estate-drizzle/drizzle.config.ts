import { defineConfig } from 'drizzle-kit';

const { TURSO_DATABASE_URL: url = 'file:local.db', TURSO_AUTH_TOKEN: authToken } = process.env;

export default defineConfig({
  dialect: 'turso',
  schema: './src/db/schema.ts',
  dbCredentials: { url, ...(authToken === undefined ? {} : { authToken }) },
});
