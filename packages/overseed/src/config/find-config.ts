/** Where the configuration is: in this folder or in one above. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { OverseedError } from '../model/error.ts';

export const CONFIG_FILES = ['ts', 'mts', 'js', 'mjs', 'json'].map(
  (extension) => `overseed.config.${extension}`,
);

/**
 * The nearest configuration; undefined when there is none.
 * @throws CONFIG_INVALID when a folder holds several
 */
export function findConfig(folder: string): string | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const [first, second] = CONFIG_FILES.filter((name) => existsSync(path.join(at, name)));
    if (second !== undefined) {
      throw new OverseedError('CONFIG_INVALID', {
        what: `There are two configurations in ${at}: ${first} and ${second}.`,
        state: 'not-contacted',
        next: 'Remove one of them, or name the one you mean with --config.',
      });
    }
    if (first !== undefined) return path.join(at, first);
    if (at === path.dirname(at)) return undefined;
  }
}
