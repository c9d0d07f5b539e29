import { expect, test } from 'vitest';
import { checkLayers } from './check.ts';
import { ALLOWED } from './rules.ts';

/** A small tree in which everything points the right way. */
const SOUND = {
  'util/hash.ts': '',
  'model/row.ts': "import { hash } from '../util/hash.ts';",
  'target/target.ts': "import type { Row } from '../model/row.ts';",
  'target/hrana/open.ts': "import type { Target } from '../target.ts';",
  'assets/asset-store.ts': '',
  'assets/cloudinary/open.ts': "import { hash } from '../../util/hash.ts';",
  'plan/make-plan.ts': "import type { Target } from '../target/target.ts';",
  'apply/apply-plan.ts': "import type { Plan } from '../plan/make-plan.ts';",
  'push.ts': "import { applyPlan } from './apply/apply-plan.ts';",
  'wire.ts': "import { open } from './target/hrana/open.ts';\nimport { push } from './push.ts';",
  'cli/main.ts': "import { wire } from '../wire.ts';\nimport { render } from './render/text.ts';",
  'cli/render/text.ts': '',
  'astro/index.ts': "import { wire } from '../wire.ts';\nimport { render } from '../cli/render/text.ts';",
  'index.ts': "export { push } from './push.ts';",
};

function violationsWith(changes: Record<string, string>): string[] {
  return checkLayers(new Map(Object.entries({ ...SOUND, ...changes })));
}

test('a sound tree has no violation', () => {
  expect(violationsWith({})).toEqual([]);
});

const forbidden: [name: string, file: string, source: string, reason: string][] = [
  ['downwards only', 'model/row.ts', "import { push } from '../push.ts';", 'model may not import push.ts'],
  [
    'util knows nobody',
    'util/hash.ts',
    "import type { R } from '../model/row.ts';",
    'util may not import model',
  ],
  [
    'nouns are strangers',
    'backups/seal.ts',
    "import { c } from '../config/parse.ts';",
    'backups may not import config',
  ],
  [
    'dynamic imports count',
    'plan/make-plan.ts',
    "await import('../cli/main.ts');",
    'plan may not import cli',
  ],
  [
    'type imports count',
    'plan/make-plan.ts',
    "import type { W } from '../wire.ts';",
    'plan may not import wire.ts',
  ],
  ['re-exports count', 'model/row.ts', "export * from '../wire.ts';", 'model may not import wire.ts'],
  ['side effects count', 'model/row.ts', "import '../wire.ts';", 'model may not import wire.ts'],
  [
    'the command line stays away from the engine',
    'cli/main.ts',
    "import '../plan/make-plan.ts';",
    'cli may not import plan',
  ],
  [
    'implementations belong to wire.ts',
    'push.ts',
    "import { open } from './target/hrana/open.ts';",
    'only wire.ts may import what is in target/hrana',
  ],
  [
    'implementations are strangers to index.ts',
    'index.ts',
    "export { open } from './assets/cloudinary/open.ts';",
    'only wire.ts may import what is in assets/cloudinary',
  ],
  [
    'a room that nobody named',
    'misc/a.ts',
    "import { h } from '../util/hash.ts';",
    'the room "misc" is not in',
  ],
];

for (const [name, file, source, reason] of forbidden) {
  test(`reports: ${name}`, () => {
    const violations = violationsWith({ 'config/parse.ts': '', [file]: source });
    expect(violations[0]).toContain(`${file} → `);
    expect(violations[0]).toContain(reason);
  });
}

test('a port is open to every room', () => {
  for (const room of ALLOWED.keys()) {
    const [file, port] = room.endsWith('.ts')
      ? [room, './assets/asset-store.ts']
      : [`${room}/a.ts`, '../assets/asset-store.ts'];
    expect(violationsWith({ [file]: `import type { AssetStore } from '${port}';` })).toEqual([]);
  }
});

test('a test may import an implementation of another room', () => {
  const source = "import { open } from '../target/hrana/open.ts';";
  expect(violationsWith({ 'plan/make-plan.test.ts': source })).toEqual([]);
  expect(violationsWith({ 'plan/make-plan-again.ts': source })).toHaveLength(1);
});

test('an import written as .js is followed to its .ts file', () => {
  expect(violationsWith({ 'model/row.ts': "import { push } from '../push.js';" })[0]).toContain(
    'model may not import push.ts',
  );
});

test('a circle is reported once, with its way', () => {
  const violations = checkLayers(
    new Map([
      ['util/a.ts', "import './b.ts';"],
      ['util/b.ts', "import type { C } from './c.ts';"],
      ['util/c.ts', "export * from './a.ts';"],
    ]),
  );
  expect(violations).toEqual(['circle: util/a.ts → util/b.ts → util/c.ts → util/a.ts']);
});

test('two ways to one file are no circle', () => {
  const files = {
    'util/a.ts': "import './b.ts';\nimport './c.ts';",
    'util/b.ts': "import './c.ts';",
    'util/c.ts': '',
  };
  expect(checkLayers(new Map(Object.entries(files)))).toEqual([]);
});

test('an import that leads nowhere is reported', () => {
  expect(violationsWith({ 'model/row.ts': "import './rwo.ts';" })).toEqual([
    'model/row.ts: "./rwo.ts" leads to no file of src',
  ]);
});

test('an empty tree fails', () => {
  expect(checkLayers(new Map())).toHaveLength(1);
});
