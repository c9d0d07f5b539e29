/** `restore FILE` and `undo`: a push whose source is a backup. */
import path from 'node:path';
import { openBackup } from '../../backups/backups.ts';
import { OverseedError } from '../../model/error.ts';
import type { Run } from '../../model/run.ts';
import { plan, push } from '../../push.ts';
import { backupToUndo, openBackupParts, openTarget, readEnvironment, type TargetChoice } from '../../wire.ts';
import type { Command } from '../command.ts';
import { ownCommand } from '../own-command.ts';
import { listOf, type ParsedFlags } from '../parse-flags.ts';
import { runCommand } from '../run-command.ts';

const FLAGS = {
  force: 'boolean',
  'dry-run': 'boolean',
  json: 'boolean',
  quiet: 'boolean',
  root: 'string',
  'allow-cascade': 'string',
} as const;

const HELP = [
  '--force     replace what is there (without it, a target that holds data is left alone)',
  '--dry-run   show what would change, change nothing',
  '--allow-cascade TABLES  let rows of these other tables follow, as their foreign keys say',
  '--json      one JSON event a line',
];

export const undo: Command = {
  name: 'undo',
  usage: 'overseed undo [local|remote] --force',
  summary: 'Pushes back the backup that the last push made: the state of the target before it.',
  flags: FLAGS,
  help: [...HELP, '', 'Example: overseed undo remote --force'],
  run: ({ flags, positionals }) =>
    restoreInto(flags, positionals[0], (root, target, { signal }) =>
      backupToUndo(backupFolder(root), target, signal),
    ),
};

export const restore: Command = {
  name: 'restore',
  usage: 'overseed restore FILE [local|remote] --force',
  summary: 'Makes the target exactly what it was when the backup FILE was sealed.',
  flags: FLAGS,
  help: [
    ...HELP,
    '',
    'Example: overseed restore .overseed/backups/my-db/20260101-120000-a1b2c3.db remote --force',
  ],
  run({ flags, positionals }) {
    const [file, target] = positionals;
    if (file === undefined) throw badUsage('restore needs the path of a backup', restore.usage);
    return restoreInto(flags, target, async () => path.resolve(file));
  },
};

function restoreInto(
  flags: ParsedFlags['flags'],
  targetName: string | undefined,
  chooseBackup: (root: string, target: ReturnType<typeof openTarget>, run: Run) => Promise<string>,
): Promise<number> {
  const root = path.resolve(typeof flags.root === 'string' ? flags.root : '.');
  const name = targetName ?? 'local';
  const output = {
    format: flags.json ? ('json' as const) : flags.quiet ? ('quiet' as const) : ('text' as const),
    undoCommand: () => `${ownCommand()} undo ${name} --force`,
    howToOverwrite: 'Add --force to replace it, or --dry-run to see what would change.',
  };
  return runCommand(output, async (run: Run) => {
    await using target = openTarget(targetChoice(name), readEnvironment(root), root);
    const file = await chooseBackup(root, target, run);
    const manifest = await openBackup(file);
    using backup = openBackupParts(file, manifest, path.relative(root, file));
    const allowCascade = listOf(
      typeof flags['allow-cascade'] === 'string' ? flags['allow-cascade'] : undefined,
    );
    const parts = { ...(await backup.parts(target, backupFolder(root), run)), allowCascade };
    if (flags['dry-run']) await plan(parts, run);
    else await push(parts, flags.force ? 'overwrite' : 'keep-data', run);
  });
}

function targetChoice(name: string): TargetChoice {
  if (name === 'local' || name === 'remote') return { kind: name };
  throw badUsage(`"${name}" is not a target: it is local or remote`, undo.usage);
}

function backupFolder(root: string): string {
  return path.join(root, '.overseed', 'backups');
}

function badUsage(what: string, usage: string): OverseedError {
  return new OverseedError('BAD_FLAG', { what: `${what}.`, state: 'not-contacted', next: `Usage: ${usage}` });
}
