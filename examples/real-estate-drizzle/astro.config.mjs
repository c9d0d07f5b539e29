import { defineConfig, envField } from 'astro/config';

export default defineConfig({
  // Astro 7 takes the spaces between elements away unless it is told not to; with this, pages are what Astro 6 made.
  compressHTML: true,
  devToolbar: { enabled: false },
  env: {
    schema: {
      TURSO_DATABASE_URL: envField.string({ context: 'server', access: 'secret', default: 'file:local.db' }),
      TURSO_AUTH_TOKEN: envField.string({ context: 'server', access: 'secret', optional: true }),
    },
  },
});
