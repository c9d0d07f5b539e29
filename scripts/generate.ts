/**
 * Writes what follows from the source: the reference of commands, that of the configuration, and its JSON Schema. With
 * `--check` nothing is written; it fails when something is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generatedFiles } from './generate/files.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

for (const { name, render } of generatedFiles) {
  const file = path.join(ROOT, name);
  const before = await readFile(file, 'utf8').catch(() => ''); // It may not be there yet.
  const after = render(before);
  if (before === after) continue;
  console.log(isCheck ? `${name} is out of date: run \`pnpm generate\`` : `wrote ${name}`);
  if (isCheck) process.exitCode = 1;
  else await writeFile(file, after);
}
