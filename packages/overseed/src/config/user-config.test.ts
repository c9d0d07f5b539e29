import { expectTypeOf, test } from 'vitest';
import { rows } from '../source/seed.ts';
import { defineSource, type SeedExport } from '../source/seed-module.ts';
import { defineConfig, type UserConfig } from './user-config.ts';

test('a fleet names targets that are there', () => {
  const config = defineConfig({ targets: { eu: {}, us: { protected: true }, all: ['eu', 'us'] } });
  expectTypeOf(config).toEqualTypeOf<UserConfig<'eu' | 'us' | 'all'>>();
  // @ts-expect-error: there is no such target
  defineConfig({ targets: { eu: {}, all: ['eu', 'su'] } });
});

test('keys and values are checked while they are written', () => {
  // @ts-expect-error: no such key
  defineConfig({ sorce: 'db/seed.ts' });
  // @ts-expect-error: no such key of a target
  defineConfig({ targets: { local: { url: 'file:a.db', protcted: true } } });
  // @ts-expect-error: no such store
  defineConfig({ assets: { store: 'cloudinry', tables: {} } });
  // @ts-expect-error: a path is required
  defineConfig({ source: { sqlit: 'a.db' } });
  defineConfig({
    source: { folder: 'data', delimiter: ';' },
    rules: { posts: (row) => (row.title === '' ? 'has no title' : undefined) },
    assets: { store: { kind: 's3', bucket: 'media' }, tables: {} },
  });
});

test('rows are typed by what they say they are', () => {
  interface Post {
    id: number;
    title: string;
  }
  const seed = defineSource<{ posts: Post; tags: { name: string } }>({
    posts: [{ id: 1, title: 'Hello' }],
    tags: async function* () {
      yield { name: 'a' };
    },
  });
  expectTypeOf(seed).toEqualTypeOf<SeedExport<{ posts: Post; tags: { name: string } }>>();
  // @ts-expect-error: a title is text
  defineSource<{ posts: Post }>({ posts: [{ id: 1, title: 7 }] });
  // @ts-expect-error: a title is missing
  rows<Post>('posts', [{ id: 1 }]);
  defineSource(({ target }) => [rows<Post>('posts', [{ id: 1, title: target }])]);
});
