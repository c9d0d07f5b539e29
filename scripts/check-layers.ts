/** `pnpm layers`: fails when an import in packages/overseed/src points the wrong way, or in a circle. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLayers } from './layers/check.ts';

const source = fileURLToPath(new URL('../packages/overseed/src/', import.meta.url));

const files = new Map<string, string>();
for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
  const file = path.join(entry.parentPath, entry.name);
  files.set(path.relative(source, file).split(path.sep).join('/'), await readFile(file, 'utf8'));
}

const violations = checkLayers(files);
for (const violation of violations) console.error(violation);
if (violations.length === 0) console.log(`${files.size} files, all imports point the right way`);
process.exitCode = violations.length === 0 ? 0 : 1;
