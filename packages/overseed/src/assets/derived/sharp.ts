/** The package `sharp`, which decodes and encodes pictures. Optional: it is loaded when something needs it. */
import { messageOf, OverseedError } from '../../model/error.ts';

export type Sharp = typeof import('sharp').default;

let loading: Promise<Sharp> | undefined;

/**
 * @param purpose who needs it: `assets.optimise`
 * @throws CONFIG_INVALID when it is not installed, or does not run on this machine
 */
export async function loadSharp(purpose: string): Promise<Sharp> {
  loading ??= import('sharp').then((module) => module.default);
  try {
    return await loading;
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    throw new OverseedError('CONFIG_INVALID', {
      what: `${purpose} needs the package sharp, which ${missing ? 'is not installed' : `cannot be loaded: ${messageOf(cause)}`}.`,
      state: 'old',
      next: missing
        ? `Install it beside overseed (\`npm install --save-dev sharp\`), or leave out ${purpose}.`
        : `Install it again on this machine, or leave out ${purpose}.`,
      cause,
    });
  }
}
