/** Small commands for `astro db execute`: is the environment complete, does the database answer, does the store work? */
import path from 'node:path';
import { exitProcess } from '../cli/exit.ts';
import { findingText } from '../cli/render/findings.ts';
import { runCommand, wantsColor } from '../cli/run-command.ts';
import type { S3Options } from '../config/s3.ts';
import { checkDatabase } from '../doctor/check-database.ts';
import { checkEnvironment, type Needs } from '../doctor/check-environment.ts';
import { checkStore } from '../doctor/check-store.ts';
import type { Finding } from '../doctor/finding.ts';
import { openAssetStore, openTarget, readEnvironment, type StoreChoice } from '../wire.ts';

type Findings = AsyncIterable<Finding> | Iterable<Finding>;

/** Prints findings as they come. @returns whether all were good */
export async function printFindings(findings: Findings): Promise<boolean> {
  let good = true;
  for await (const finding of findings) {
    process.stdout.write(findingText(finding, { color: wantsColor(process.stdout) }));
    good &&= finding.status === 'ok';
  }
  return good;
}

/** A function for Astro that runs `check` and ends the process with an error when something is wrong. */
export function checkCommand(
  title: string,
  failureCode: number,
  check: (signal: AbortSignal) => Promise<boolean>,
): () => Promise<void> {
  return async () => {
    process.stdout.write(`${title}\n\n`);
    let good = false;
    const output = { format: 'text', undoCommand: () => '', howToOverwrite: '' } as const;
    const code = await runCommand(output, async ({ signal }) => {
      good = await check(signal);
    });
    process.stdout.write('\n');
    if (code !== 0 || !good) await exitProcess(code || failureCode);
  };
}

const root = () => path.resolve('.');

/** Every variable that is missing or malformed, by name, at once; values are never shown. */
export function environmentCheck(needs: Needs): () => Promise<void> {
  return checkCommand('Environment', 4, () =>
    printFindings(checkEnvironment(readEnvironment(root()), needs)),
  );
}

/** A real round trip through Cloudinary: credentials, upload, fetch back, compare, remove. */
export function cloudinaryCheck({
  prefix = 'overseed-check',
}: {
  prefix?: string;
} = {}): () => Promise<void> {
  return storeCheck('Cloudinary round trip', { kind: 'cloudinary', prefix });
}

/** A real round trip through an S3 bucket: credentials, upload, fetch back, compare, remove. */
export function s3Check({
  prefix = 'overseed-check',
  ...s3
}: { prefix?: string } & S3Options = {}): () => Promise<void> {
  return storeCheck('S3 round trip', { kind: 's3', prefix, s3 });
}

function storeCheck(title: string, choice: Pick<StoreChoice, 'kind' | 'prefix' | 's3'>): () => Promise<void> {
  return checkCommand(title, 1, (signal) => {
    const folder = { publicFolder: 'public/media', baseUrl: '/media' };
    const store = openAssetStore({ ...folder, ...choice }, root(), readEnvironment(root()));
    return printFindings(checkStore(store, signal));
  });
}

/** Prints whether the database answers, and returns it. */
export async function databaseCheck({ remote }: { remote: boolean }): Promise<boolean> {
  let good = false;
  const output = { format: 'text', undoCommand: () => '', howToOverwrite: '' } as const;
  const code = await runCommand(output, async ({ signal }) => {
    await using target = openTarget({ kind: remote ? 'remote' : 'local' }, readEnvironment(root()), root());
    good = await printFindings([await checkDatabase(target, signal)]);
  });
  return code === 0 && good;
}
