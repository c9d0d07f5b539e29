import { defineConfig } from 'overseed';
import { rules } from '../real-estate/src/lib/db/seed/validators.ts';

export default defineConfig({
  source: 'src/db/rows.ts',
  targets: {
    local: { url: 'file:local.db', store: 'folder' },
    // TURSO_DATABASE_URL and TURSO_AUTH_TOKEN, from the environment or .env.staging and .env.production.
    // A prefix of its own: `overseed prune` on one must not take what the other still shows.
    staging: { store: { kind: 'cloudinary', prefix: 'real-estate-staging' } },
    production: {},
  },
  rules,
  expect: { Categories: 11, Properties: 60, PropertiesImages: 180 },
  assets: {
    store: { kind: 'cloudinary', prefix: 'real-estate' },
    tables: {
      PropertiesImages: {
        from: '../real-estate/images',
        path: 'image',
        url: 'cloudinaryUrl',
        publicId: 'cloudinaryPublicId',
        done: 'isMigrated',
      },
    },
  },
});
