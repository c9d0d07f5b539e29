/**
 * Which room may import from which: `util ← model ← sqlite ← (source, target, assets, backups, saved-plan, config) ← (desired, plan) ←
 * stages ← push ← wire ← cli, astro`. A room is a folder of `src`; a file directly in `src` is a room of its own.
 */
const NOUNS = ['source', 'target', 'assets', 'backups', 'saved-plan', 'config'];
const FOUNDATION = ['util', 'model', 'sqlite'];
const PLANNING = ['desired', 'plan', 'pull'];
const STAGES = ['apply', 'upload', 'verify', 'prune'];
const BELOW_PUSH = [...FOUNDATION, ...NOUNS, 'lease', ...PLANNING, ...STAGES];
const STORIES = ['push.ts', 'prune.ts', 'verify-assets.ts', 'copy.ts', 'pull-assets.ts'];
const FRONT = [
  'util',
  'model',
  'config',
  'backups',
  'saved-plan',
  'history',
  'doctor',
  'report',
  ...STORIES,
  'wire.ts',
  'project.ts',
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
  ...STORIES.map((story) => [story, [...BELOW_PUSH, 'steps']] as const),
  ['wire.ts', [...BELOW_PUSH, 'steps', ...STORIES]],
  // From a configuration to the parts of a run.
  ['project.ts', [...BELOW_PUSH, ...STORIES, 'wire.ts']],
  // What a run found and did, as a page; it only looks.
  ['report', [...FOUNDATION, 'assets', 'plan']],
  // What is recorded on a target about its runs.
  ['history', [...BELOW_PUSH]],
  // Checks of a project and its target, as findings; the command line and the adapter print them.
  ['doctor', [...BELOW_PUSH, ...STORIES]],
  ['cli', FRONT],
  // A seed module is a source, and Astro's local database a file: the adapter knows both.
  ['astro', [...FRONT, 'cli', 'sqlite', 'source', 'upload']],
  // Contract suites and fault decorators know the ports and what travels through them.
  ['testing', [...FOUNDATION, ...NOUNS]],
  // For sites: one file, without any other.
  ['url.ts', []],
  ['index.ts', [...BELOW_PUSH, ...STORIES, 'wire.ts', 'testing']],
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
