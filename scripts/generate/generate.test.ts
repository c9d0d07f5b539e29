import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from './files.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

test.each(generatedFiles)(
  '$name says what the source says (`pnpm generate` writes it)',
  async ({ name, render }) => {
    const content = await readFile(path.join(ROOT, name), 'utf8');
    expect(content).toBe(render(content));
  },
);
