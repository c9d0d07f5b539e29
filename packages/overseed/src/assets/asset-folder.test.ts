import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScratchFolder, scratchFolder } from '../util/scratch-folder.ts';
import { AssetFolder } from './asset-folder.ts';
import { UnusableFile } from './unusable-file.ts';

let scratch: ScratchFolder;
let root: string;
let folder: AssetFolder;

beforeAll(async () => {
  scratch = await scratchFolder();
  root = path.join(scratch.path, 'images');
  mkdirSync(path.join(root, 'inside', 'deep'), { recursive: true });
  writeFileSync(path.join(root, 'a.txt'), 'a');
  writeFileSync(path.join(root, 'inside', 'deep', 'b.txt'), 'b');
  writeFileSync(path.join(scratch.path, 'secret.txt'), 'secret');
  mkdirSync(path.join(scratch.path, 'images-of-others'));
  writeFileSync(path.join(scratch.path, 'images-of-others', 'c.txt'), 'secret');
  folder = new AssetFolder(root);
});

afterAll(() => scratch[Symbol.asyncDispose]());

function read(name: string, from = folder): string {
  using file = from.open(name);
  return readFileSync(file.descriptor, 'utf8');
}

describe('a path that stays inside is opened', () => {
  test.each([
    ['a.txt', 'a'],
    ['./a.txt', 'a'],
    ['inside//deep/b.txt', 'b'],
  ])('%s', (name, content) => {
    expect(read(name)).toBe(content);
  });

  test('names with every kind of character', () => {
    const names = [
      ' a b ',
      '😀',
      'שלום',
      '?&#%+<>"\'',
      'a\\b',
      '.hidden',
      'x'.repeat(255),
      'é',
      'e\u0301',
      '..a',
      'a..',
    ];
    for (const name of names) {
      writeFileSync(path.join(root, name), name);
      expect(read(name)).toBe(name);
    }
  });

  test('a link to a file or a folder inside', () => {
    symlinkSync(path.join(root, 'inside'), path.join(root, 'link-to-folder'));
    symlinkSync('inside/deep/b.txt', path.join(root, 'link-to-file'));
    expect(read('link-to-folder/deep/b.txt')).toBe('b');
    expect(read('link-to-file')).toBe('b');
    using file = folder.open('link-to-file');
    expect(file.file).toBe(path.join(root, 'inside', 'deep', 'b.txt'));
  });

  test('the folder itself may be a link', () => {
    symlinkSync(root, path.join(scratch.path, 'link-to-root'));
    expect(read('a.txt', new AssetFolder(path.join(scratch.path, 'link-to-root')))).toBe('a');
  });
});

describe('a path that leads out, or might, is refused', () => {
  test.each([
    ['../secret.txt', 'leads out of the asset folder'],
    ['inside/../../secret.txt', 'leads out of the asset folder'],
    // It would stay inside; but what `..` means depends on links.
    ['inside/../a.txt', 'holds ".."'],
    ['..\\secret.txt', 'leads out of the asset folder'],
    ['..', 'leads out of the asset folder'],
    ['/etc/hostname', 'is an absolute path'],
    ['\\etc\\hostname', 'is an absolute path'],
    ['\\\\server\\share\\a.png', 'is an absolute path'],
    ['//server/share/a.png', 'is an absolute path'],
    ['C:\\a.png', 'is an absolute path'],
    ['c:a.png', 'is an absolute path'],
    ['\\\\?\\C:\\a.png', 'is an absolute path'],
    ['file:///etc/hostname', 'is an address'],
    ['s3://bucket/a.png', 'is an address'],
    ['a.txt\0.png', 'holds a NUL character'],
    ['', 'is an empty path'],
  ])('%j', (name, message) => {
    expect(() => folder.open(name)).toThrow(UnusableFile);
    expect(() => folder.open(name)).toThrow(message);
  });

  test.each([
    ['out-file', '../secret.txt', 'out-file'],
    ['out-folder', '..', 'out-folder/secret.txt'],
    // The name of this folder begins like that of the root.
    ['out-sibling', '../images-of-others', 'out-sibling/c.txt'],
    ['out-absolute', '/etc', 'out-absolute/hostname'],
  ])('the link %s → %s', (link, to, name) => {
    symlinkSync(to, path.join(root, link));
    expect(() => folder.open(name)).toThrow('leads out of the asset folder');
  });

  test('a link to a link that leads out', () => {
    symlinkSync('second', path.join(root, 'first'));
    symlinkSync('../secret.txt', path.join(root, 'second'));
    expect(() => folder.open('first')).toThrow('leads out of the asset folder');
  });
});

describe('what is no ordinary file is named', () => {
  test('missing, also below a file', () => {
    expect(() => folder.open('none.png')).toThrow(/^is missing \(looked for .*images\/none\.png\)$/);
    expect(() => folder.open('none/none.png')).toThrow('is missing');
    expect(() => folder.open('a.txt/none.png')).toThrow('is missing');
    expect(() => new AssetFolder(path.join(root, 'nowhere')).open('a.png')).toThrow('is missing');
  });

  test('links that lead nowhere or in a circle', () => {
    symlinkSync('none', path.join(root, 'dangling'));
    symlinkSync('circle', path.join(root, 'circle'));
    expect(() => folder.open('dangling')).toThrow('is a symbolic link that leads nowhere');
    expect(() => folder.open('circle')).toThrow('is a symbolic link that leads in a circle');
  });

  test('a folder', () => {
    expect(() => folder.open('inside')).toThrow('is a folder');
    expect(() => folder.open('inside/')).toThrow('is a folder');
    expect(() => folder.open('.')).toThrow('is a folder');
  });

  test('a pipe, without waiting for somebody to write to it', () => {
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    expect(() => folder.open('pipe')).toThrow('is not an ordinary file');
  });

  test('a socket', async () => {
    const server = net.createServer().listen(path.join(root, 'socket'));
    await new Promise((listening) => server.once('listening', listening));
    expect(() => folder.open('socket')).toThrow('is not an ordinary file');
    server.close();
  });

  test('a name that no disk takes', () => {
    expect(() => folder.open('x'.repeat(300))).toThrow('cannot be read (ENAMETOOLONG)');
  });

  test('a file that may not be read', () => {
    writeFileSync(path.join(root, 'closed.png'), 'x', { mode: 0 });
    expect(() => asOrdinaryUser(() => folder.open('closed.png'))).toThrow('may not be read (EACCES)');
  });
});

/** Root may read everything, and continuous integration is often root. */
function asOrdinaryUser(work: () => void): void {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    chmodSync(scratch.path, 0o755);
    process.seteuid?.(65_534);
  }
  try {
    work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test.runIf(existsSync('/proc/self/fd'))('no file stays open', () => {
  using file = folder.open('a.txt');
  expect(openBelow(root)).toEqual([file.file]);
  for (const name of ['a.txt', 'link-to-file', 'inside', 'none', 'out-file', 'pipe']) {
    try {
      read(name);
    } catch {
      // Refused: only what stays open matters here.
    }
  }
  expect(openBelow(root)).toEqual([file.file]);
});

function openBelow(folder: string): string[] {
  const targets = readdirSync('/proc/self/fd').map((descriptor) => {
    // The one that lists the folder is gone by now.
    return existsSync(`/proc/self/fd/${descriptor}`) ? readlinkSync(`/proc/self/fd/${descriptor}`) : '';
  });
  return targets.filter((target) => target.startsWith(folder));
}
