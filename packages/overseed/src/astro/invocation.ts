/** How Astro is running the seed: by `astro db execute` with flags, or by itself at the start of dev and build. */
import { type FlagTypes, listOf, parseFlags } from '../cli/parse-flags.ts';
import { PLAN_FLAGS, type PlanFiles, planFiles } from '../cli/plan-flags.ts';

/** Ours first, then those of Astro that may stand on the same line. */
const FLAGS: FlagTypes = {
  remote: 'boolean',
  force: 'boolean',
  'dry-run': 'boolean',
  json: 'boolean',
  quiet: 'boolean',
  'no-backup': 'boolean',
  'recheck-assets': 'boolean',
  'rollback-assets': 'boolean',
  'allow-cascade': 'string',
  ...PLAN_FLAGS,
  'db-app-token': 'string',
  root: 'string',
  config: 'string',
  mode: 'string',
  verbose: 'boolean',
  silent: 'boolean',
};

export type Invocation =
  | {
      readonly kind: 'execute';
      /** As typed: `db/seed.ts`. */
      readonly file: string;
      readonly root: string;
      readonly remote: boolean;
      readonly force: boolean;
      readonly dryRun: boolean;
      readonly backup: boolean;
      readonly recheckAssets: boolean;
      /** Remove what was stored when the run fails. */
      readonly rollbackAssets: boolean;
      /** Tables outside the seed whose rows may follow. */
      readonly allowCascade: readonly string[];
      readonly planFiles: PlanFiles;
      readonly format: 'text' | 'json' | 'quiet';
      readonly token: string | undefined;
    }
  | { readonly kind: 'embedded'; readonly root: string };

/** True for `astro db execute …`. */
export function isExecute(argv: readonly string[]): boolean {
  const db = argv.indexOf('db');
  return db > 0 && argv[db + 1] === 'execute';
}

/** @throws BAD_FLAG; flags of `astro dev` and `astro build` are Astro's own business */
export function readInvocation(argv: readonly string[], cwd: string): Invocation {
  if (!isExecute(argv)) return { kind: 'embedded', root: rootOf(argv) ?? cwd };
  const { flags, positionals } = parseFlags(argv.slice(2), FLAGS);
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  return {
    kind: 'execute',
    file: positionals[2] ?? 'the seed',
    root: text('root') ?? cwd,
    remote: flags.remote === true,
    force: flags.force === true,
    dryRun: flags['dry-run'] === true,
    backup: flags['no-backup'] !== true,
    recheckAssets: flags['recheck-assets'] === true,
    rollbackAssets: flags['rollback-assets'] === true,
    allowCascade: listOf(text('allow-cascade')),
    planFiles: planFiles(flags, { changes: flags['dry-run'] !== true }),
    format: flags.json ? 'json' : flags.quiet || flags.silent ? 'quiet' : 'text',
    token: text('db-app-token'),
  };
}

function rootOf(argv: readonly string[]): string | undefined {
  const index = argv.findIndex((arg) => arg === '--root' || arg.startsWith('--root='));
  const arg = argv[index];
  return arg?.includes('=') ? arg.slice(arg.indexOf('=') + 1) : index < 0 ? undefined : argv[index + 1];
}
