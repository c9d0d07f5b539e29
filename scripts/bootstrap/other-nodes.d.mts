/** Installs the other versions of Node unless they are there and start; oldest first. */
export function ensureOtherNodes(
  env?: NodeJS.ProcessEnv,
): Promise<{ readonly version: string; readonly program: string }[]>;
