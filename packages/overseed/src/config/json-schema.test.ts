import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configShape } from './config-shape.ts';
import { configJsonSchema } from './json-schema.ts';

const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false }).compile(configJsonSchema());

function isValid(given: unknown): boolean {
  let isGood = true;
  configShape.check(given, '', () => {
    isGood = false;
  });
  return isGood;
}

/** Values that are right somewhere and wrong elsewhere. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('db/seed.ts', 'auto', 'cloudinary', 'folder', 's3', 'TURSO_URL', ';', '*'),
  },
  fc.constantFrom('', ' ', '\n', 0, 1, 1.5, -1, true, null, [], {}),
  fc.array(fc.constantFrom('posts', 'x_*', ''), { maxLength: 2 }),
  fc.string(),
);

const object = (keys: readonly string[], inner: fc.Arbitrary<unknown> = value) =>
  fc.dictionary(fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...keys) }, fc.string()), inner, {
    maxKeys: 3,
  });

const store = fc.oneof(
  value,
  object(['kind', 'prefix', 'folder', 'baseUrl']),
  object(
    ['kind', 'prefix', 'bucket', 'endpoint', 'forcePathStyle', 'variables'],
    fc.oneof(fc.constantFrom('s3', 'https://s3.example', true), object(['accessKeyId', 'sessionToken'])),
  ),
);
const target = fc.oneof(
  value,
  object(['url', 'urlVariable', 'tokenVariable', 'envFile', 'protected', 'store'], fc.oneof(value, store)),
);
const columns = object(
  ['from', 'path', 'url', 'publicId', 'done'],
  fc.constantFrom('images', 'image', '', 1),
);
const config = object(
  ['$schema', 'source', 'targets', 'tables', 'rules', 'expect', 'assets', 'backups'],
  fc.oneof(
    value,
    object(['module', 'sqlite', 'script', 'folder', 'delimiter']),
    object(['local', 'production', 'a b'], target),
    object(['include', 'exclude']),
    object(['posts', 'tags']),
    object(['store', 'tables'], fc.oneof(store, object(['posts'], columns))),
    object(['folder', 'keep', 'maxAgeDays']),
  ),
);

test('the JSON Schema and the validator agree on every configuration that JSON can hold', () => {
  let valid = 0;
  fc.assert(
    fc.property(config, (given) => {
      const expected = isValid(given);
      valid += expected ? 1 : 0;
      expect(validate(given), JSON.stringify(validate.errors)).toBe(expected);
    }),
    { numRuns: 4_000 },
  );
  // Agreement on nonsense alone would prove little.
  expect(valid).toBeGreaterThan(200);
});

test('whole configurations, by hand', () => {
  const good = {
    $schema: './node_modules/overseed/config.schema.json',
    source: { folder: 'data', delimiter: ';' },
    targets: {
      local: { url: 'file:local.db', store: 'folder' },
      production: {
        envFile: ['.env.production', '.env'],
        protected: true,
        store: { kind: 'cloudinary', prefix: 'x' },
      },
      all: ['local', 'production'],
    },
    tables: { include: ['*'], exclude: ['tmp_*'] },
    expect: { posts: 3 },
    assets: { tables: { posts: { from: 'images', path: 'image', url: 'imageUrl' } } },
    backups: { folder: 'b', keep: 3, maxAgeDays: 30 },
  };
  expect(validate(good)).toBe(true);
  expect(isValid(good)).toBe(true);
  expect(validate({ ...good, rules: { posts: 'x' } })).toBe(false);
});
