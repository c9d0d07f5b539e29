/**
 * Which room may import from which: `util ← model ← sqlite ← (source, target, assets, backups, config) ← (desired, plan) ←
 * stages ← push ← wire ← cli, astro`. A room is a folder of `src`; a file directly in `src` is a room of its own.
 */
const NOUNS = ['source', 'target', 'assets', 'backups', 'config'];
const FOUNDATION = ['util', 'model', 'sqlite'];
const PLANNING = ['desired', 'plan', 'pull'];
const STAGES = ['apply', 'upload', 'verify'];
const BELOW_PUSH = [...FOUNDATION, ...NOUNS, 'lease', ...PLANNING, ...STAGES];
const FRONT = [
  'util',
  'model',
  'config',
  'backups',
  'history',
  'doctor',
  'push.ts',
  'wire.ts',
  'project.ts',
  'copy.ts',
];

/** Room → the rooms it may import. */
export const ALLOWED: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['util', []],
  ['model', ['util']],
  ['sqlite', ['util', 'model']],
  ...NOUNS.map((room) => [room, FOUNDATION] as const),
  // A plan is based on a fencing number, which a pull reads.
  ['lease', [...FOUNDATION, ...NOUNS]],
  ...PLANNING.map((room) => [room, [...FOUNDATION, ...NOUNS, 'lease']] as const),
  ...STAGES.map((room) => [room, [...FOUNDATION, ...NOUNS, 'lease', ...PLANNING]] as const),
  // The chapters of the story that `push.ts` tells.
  ['steps', BELOW_PUSH],
  ['push.ts', [...BELOW_PUSH, 'steps']],
  ['wire.ts', [...BELOW_PUSH, 'steps', 'push.ts']],
  // The other story: a target becomes a file that stays.
  ['copy.ts', [...BELOW_PUSH]],
  // From a configuration to the parts of a run.
  ['project.ts', [...BELOW_PUSH, 'push.ts', 'wire.ts']],
  // What is recorded on a target about its runs.
  ['history', [...BELOW_PUSH]],
  // Checks of a project and its target, as findings; the command line and the adapter print them.
  ['doctor', [...BELOW_PUSH, 'push.ts']],
  ['cli', FRONT],
  // A seed module is a source, and Astro's local database a file: the adapter knows both.
  ['astro', [...FRONT, 'cli', 'sqlite', 'source', 'upload']],
  // Contract suites and fault decorators know the ports and what travels through them.
  ['testing', [...FOUNDATION, ...NOUNS]],
  ['index.ts', [...BELOW_PUSH, 'push.ts', 'wire.ts', 'testing']],
]);

/** What any room may import. */
export const PORTS = ['target/target.ts', 'assets/asset-store.ts'];

/** What stands behind the ports; other rooms reach it through `wire.ts` alone. */
export const IMPLEMENTATIONS = [
  'target/hrana',
  'target/file',
  'assets/cloudinary',
  'assets/folder',
  'assets/s3',
];
