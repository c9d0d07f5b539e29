/** `prune`: shows what nobody needs any more, and removes it when told to. */
import path from 'node:path';
import { OverseedError } from '../../model/error.ts';
import type { Run } from '../../model/run.ts';
import { GRACE_MS, type PruneScope, planPrune, prune as pruneStore } from '../../prune.ts';
import { openAssetStore, openTarget, readEnvironment } from '../../wire.ts';
import type { Command } from '../command.ts';
import { ownCommand } from '../own-command.ts';
import { parseDuration } from '../parse-duration.ts';
import { runCommand } from '../run-command.ts';

const USAGE = 'overseed prune [local|remote] [--yes] [--grace 7d]';

export const prune: Command = {
  name: 'prune',
  usage: USAGE,
  summary: 'Removes images that no row, no backup here and no running push needs any more.',
  flags: { yes: 'boolean', grace: 'string', json: 'boolean', quiet: 'boolean', root: 'string' },
  help: [
    '--yes       remove them; without it, they are only shown',
    '--grace 7d  how long an image stays after the last row has let go of it (also 12h, 30m, 0)',
    '--json      one JSON event a line',
    '',
    'Only images that are in the ledger of the target are ever removed.',
    'Another database whose rows use the same images would miss them: give each its own folder in the store.',
  ],
  run({ flags, positionals }) {
    const root = path.resolve(typeof flags.root === 'string' ? flags.root : '.');
    const [name = 'local'] = positionals;
    if (name !== 'local' && name !== 'remote') throw badTarget(name);
    const graceMs = typeof flags.grace === 'string' ? parseDuration(flags.grace, 'grace') : GRACE_MS;
    const output = {
      format: flags.json ? ('json' as const) : flags.quiet ? ('quiet' as const) : ('text' as const),
      undoCommand: () => '',
      howToOverwrite: '',
    };
    return runCommand(output, async (run: Run) => {
      const environment = readEnvironment(root);
      await using target = openTarget({ kind: name }, environment, root);
      const scope: PruneScope = {
        targets: [target],
        assetStore: openAssetStore(
          {
            kind: name === 'local' ? 'folder' : 'auto',
            prefix: '',
            publicFolder: 'public/media',
            baseUrl: '/media',
          },
          root,
          environment,
        ),
        backups: path.join(root, '.overseed', 'backups'),
        graceMs,
      };
      if (flags.yes) {
        await pruneStore(scope, run);
        return;
      }
      const { remove } = await planPrune(scope, run);
      const next =
        remove.files > 0
          ? `Nothing was removed. \`${ownCommand()} prune ${name} --yes\` removes them.`
          : 'There is nothing to remove.';
      if (output.format === 'text') process.stdout.write(`${next}\n`);
    });
  },
};

function badTarget(name: string): OverseedError {
  return new OverseedError('BAD_FLAG', {
    what: `"${name}" is not a target: it is local or remote.`,
    state: 'not-contacted',
    next: `Usage: ${USAGE}`,
  });
}
