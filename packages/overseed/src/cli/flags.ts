/** Flags as data: one description serves the parser, `--help`, shell completion and the reference. */

export interface Flag {
  readonly type: 'boolean' | 'text' | 'count';
  /** What stands for the value in help: `FILE`. */
  readonly value?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** The values of flags as a command gets them. */
export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: F[Name]['type'] extends 'boolean'
    ? boolean
    : F[Name]['type'] extends 'count'
      ? number | undefined
      : F[Name] extends { choices: readonly (infer Choice)[] }
        ? Choice | undefined
        : string | undefined;
};

/** Understood by every command. */
export const GLOBAL_FLAGS = {
  config: {
    type: 'text',
    value: 'FILE',
    help: 'the configuration, instead of the nearest overseed.config.*',
  },
  // Not --env-file: node itself takes that one, wherever it stands on the line.
  env: { type: 'text', value: 'FILE', help: 'the env file, instead of those of the target' },
  json: { type: 'boolean', help: 'one JSON event a line, for programs' },
  quiet: { type: 'boolean', help: 'say nothing unless it fails' },
  verbose: { type: 'boolean', help: 'say more' },
  'no-color': { type: 'boolean', help: 'no colours (NO_COLOR does the same)' },
  help: { type: 'boolean', help: 'explain the command' },
} as const satisfies Flags;

/** For commands that may replace what a target holds. */
export const CONSENT_FLAGS = {
  force: { type: 'boolean', help: 'replace what is there, without a question' },
  'dry-run': { type: 'boolean', help: 'stop after the plan; change nothing' },
  yes: { type: 'boolean', help: 'do not ask, unless rows would be deleted' },
  confirm: { type: 'text', value: 'NAME', help: 'the name of a protected target, instead of typing it' },
  'no-backup': { type: 'boolean', help: 'make no backup first' },
  'max-deletes': { type: 'count', value: 'N', help: 'refuse to delete more than N rows' },
  'allow-cascade': {
    type: 'text',
    value: 'TABLES',
    help: 'let rows of these other tables follow, as their foreign keys say',
  },
  strategy: {
    type: 'text',
    value: 'HOW',
    choices: ['inline', 'delta', 'swap', 'swap-indexed', 'swap-gradual'],
    help: 'how changed rows get there; by default the plan chooses',
  },
  columns: { type: 'boolean', help: 'list the columns that change' },
} as const satisfies Flags;

/** For commands that read the source. */
export const SOURCE_FLAGS = {
  source: {
    type: 'text',
    value: 'PATH',
    help: 'instead of the source of the configuration; - is standard input',
  },
  'recheck-assets': { type: 'boolean', help: 'ask the store for every file, and store again what is gone' },
} as const satisfies Flags;

/** For commands whose run can be told as a page. */
export const REPORT_FLAGS = {
  report: { type: 'text', value: 'FILE', help: 'write a report there, as a page for any browser' },
} as const satisfies Flags;

/** For `push` alone. */
export const PUSH_FLAGS = {
  plan: { type: 'text', value: 'FILE', help: 'do exactly what this saved plan says, or nothing' },
  out: { type: 'text', value: 'FILE', help: 'with --dry-run: save the plan there' },
  'rollback-assets': { type: 'boolean', help: 'remove what was uploaded if the push fails' },
} as const satisfies Flags;
