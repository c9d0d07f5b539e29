import { existsSync } from 'node:fs';
import path from 'node:path';
import { copyTarget } from '../../copy.ts';
import { OverseedError } from '../../model/error.ts';
import { openStore, openTarget } from '../../project.ts';
import { pullAssets } from '../../pull-assets.ts';
import type { Call } from '../command.ts';
import { onTargets } from '../on-targets.ts';
import { inSession } from '../session.ts';
import { showCopy } from '../show-copy.ts';
import { copyScope } from './copy-scope.ts';

interface PullFlags {
  readonly [name: string]: { type: 'boolean' | 'text'; help: string };
  readonly out: { type: 'text'; help: string };
  readonly force: { type: 'boolean'; help: string };
  readonly assets: { type: 'text'; help: string };
  readonly all: { type: 'boolean'; help: string };
}

export function pull({ flags, positionals }: Call<PullFlags>): Promise<number> {
  return inSession(flags, (session) =>
    onTargets(session, positionals, async (place, run) => {
      const file = path.resolve(flags.out ?? `${place.target.name}.db`);
      if (existsSync(file) && !flags.force) throw inTheWay(file);
      await using target = openTarget(place);
      if (isFileOf(target.label, place.config.root, file)) throw itself(file);
      const scope = await copyScope(place, flags.all, run.signal);
      const copied = await copyTarget(target, scope, file, run);
      const media =
        flags.assets === undefined
          ? undefined
          : await pullAssets(
              {
                target,
                copied,
                assetStore: openStore(place),
                assetColumns: place.config.assetColumns,
                folder: path.resolve(flags.assets),
                replace: flags.force,
              },
              run,
            );
      showCopy(copied, media, 'pulled', place, session.output);
      return 0;
    }),
  );
}

function inTheWay(file: string): OverseedError {
  return new OverseedError('BAD_FLAG', {
    what: `${path.relative(process.cwd(), file)} is there already.`,
    state: 'not-contacted',
    next: 'Name another file with --out, or add --force to replace it.',
  });
}

/** The label of a database file is its path. */
function isFileOf(label: string, root: string, file: string): boolean {
  return path.resolve(root, label) === file;
}

function itself(file: string): OverseedError {
  return new OverseedError('BAD_FLAG', {
    what: `${path.relative(process.cwd(), file)} is the target itself.`,
    state: 'not-contacted',
    next: 'Name another file with --out.',
  });
}
