/** Where a configured target is: its address and token, from the configuration and the environment. */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TargetChoice } from './config.ts';
import type { Environment } from './environment.ts';
import { REMOTE_VARIABLES, type RemoteDatabase } from './remote-database.ts';
import type { ConfigProblem } from './shape.ts';

export type TargetAddress =
  | { readonly kind: 'file'; readonly file: string; readonly label: string }
  | ({ readonly kind: 'remote' } & RemoteDatabase);

/** @returns the problem when the address cannot be known */
export function targetAddress(
  target: TargetChoice,
  environment: Environment,
  root: string,
): TargetAddress | ConfigProblem {
  const at = `targets.${target.name}`;
  const names = variableNames(target, environment);
  const url = target.url ?? environment.get(names.url);
  if (url === undefined) {
    const wanted = target.urlVariable ?? REMOTE_VARIABLES.map((variables) => variables.url).join(' or ');
    return { path: at, message: `needs ${wanted}, which is not set in ${environment.places}` };
  }
  if (url.startsWith('file:'))
    return fileAddress(url, root, target.url === undefined ? names.url : `${at}.url`);
  return {
    kind: 'remote',
    url,
    token: environment.get(names.token),
    variables: { url: target.url === undefined ? names.url : `${at}.url`, token: names.token },
  };
}

/** Astro's pair of names or Turso's, whichever is set; names of the target's own go before. */
export function variableNames(
  target: TargetChoice,
  environment: Environment,
): { url: string; token: string } {
  const hasOwnAddress = target.url !== undefined || target.urlVariable !== undefined;
  const pair =
    REMOTE_VARIABLES.find(({ url, token }) => environment.get(hasOwnAddress ? token : url) !== undefined) ??
    REMOTE_VARIABLES[1];
  return { url: target.urlVariable ?? pair.url, token: target.tokenVariable ?? pair.token };
}

function fileAddress(url: string, root: string, origin: string): TargetAddress | ConfigProblem {
  try {
    // "file:local.db" is relative to the project, as libSQL's own clients read it.
    const file = fileURLToPath(new URL(url.replace(/\?.*$/, ''), pathToFileURL(`${root}/`)));
    return { kind: 'file', file, label: path.relative(root, file) };
  } catch {
    // The platform only says that it is no path of a file, which is what we say.
    return { path: origin, message: 'is not the path of a file: write file:local.db' };
  }
}
