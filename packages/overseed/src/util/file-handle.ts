/**
 * Two things that Node's file handles can do themselves, and those that Yarn's Plug'n'Play puts in their place cannot.
 */
import { fsync } from 'node:fs';
import { promisify } from 'node:util';

const fsyncFile = promisify(fsync);

/** Closes a file at the end of a block: `await using _ = closing(handle)`. */
export function closing(handle: { close(): Promise<void> }): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => handle.close() };
}

/** Resolves when what was written would survive a power cut. */
export function flushToDisk({ fd }: { readonly fd: number }): Promise<void> {
  return fsyncFile(fd);
}
