/**
 * Runs when `overseed/astro` is imported, which is before `astro:db` is: Astro creates its own client there, and
 * without an address that ends in "Invalid URL" and a stack. We look first, and say what is missing.
 */
import path from 'node:path';
import { exitProcess } from '../cli/exit.ts';
import { unwrap } from '../cli/render/failure.ts';
import { report } from '../cli/run-command.ts';
import { checkRemote, readEnvironment } from '../wire.ts';
import { isExecute, readInvocation } from './invocation.ts';

if (isExecute(process.argv)) {
  try {
    const invocation = readInvocation(process.argv, process.cwd());
    if (invocation.kind === 'execute' && invocation.remote)
      checkRemote(readEnvironment(path.resolve(invocation.root)));
  } catch (error) {
    const failure = unwrap(error);
    report(failure, { format: process.argv.includes('--json') ? 'json' : 'text' });
    await exitProcess(failure.exitCode);
  }
}
