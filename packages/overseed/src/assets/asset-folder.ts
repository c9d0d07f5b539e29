/** Opens files below one folder and nowhere else, whatever a path or a symbolic link says. */
import { closeSync, constants, fstatSync, lstatSync, openSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { UnusableFile } from './unusable-file.ts';

/** Folders whose real place is remembered: files of a folder mostly come together. */
const REMEMBERED_FOLDERS = 1_000;

/** Undefined on Windows. */
const NO_FOLLOW: number | undefined = constants.O_NOFOLLOW;
/** Without waiting: opening a pipe that nobody writes to would hang. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (NO_FOLLOW ?? 0);

export interface OpenFile extends Disposable {
  readonly descriptor: number;
  /** Its real path, absolute. */
  readonly file: string;
  readonly sizeBytes: number;
}

export class AssetFolder {
  readonly #root: string;
  #realRoot: string | undefined;
  readonly #realFolders = new Map<string, string>();

  /** @param root absolute */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Opens an ordinary file for reading; close it afterwards.
   * @param relativePath as a row says it
   * @throws UnusableFile
   */
  open(relativePath: string): OpenFile {
    const complaint = complaintAbout(relativePath);
    if (complaint) throw new UnusableFile(complaint);
    try {
      return ordinaryFile(this.#openInside(relativePath));
    } catch (error) {
      throw error instanceof UnusableFile ? error : explain(error, path.join(this.#root, relativePath));
    }
  }

  #openInside(relativePath: string): { descriptor: number; file: string } {
    const plain = path.sep === '/' ? relativePath : relativePath.replaceAll(path.sep, '/');
    const cut = plain.lastIndexOf('/') + 1;
    const folder = this.#realFolder(plain.slice(0, cut));
    const name = plain.slice(cut);
    if (name === '' || name === '.') throw new UnusableFile('is a folder');
    const file = folder + path.sep + name;
    if (NO_FOLLOW === undefined) return this.#openReal(file);
    try {
      return { descriptor: openSync(file, FLAGS), file };
    } catch (error) {
      // The last part is a symbolic link.
      if (codeOf(error) === 'ELOOP') return this.#openReal(file);
      throw error;
    }
  }

  #openReal(link: string): { descriptor: number; file: string } {
    const file = this.#inside(realpathSync(link));
    return { descriptor: openSync(file, FLAGS), file };
  }

  /** @param folder relative to the root */
  #realFolder(folder: string): string {
    const known = this.#realFolders.get(folder);
    if (known !== undefined) return known;
    const real = this.#inside(realpathSync(path.join(this.#root, folder)));
    if (this.#realFolders.size >= REMEMBERED_FOLDERS) this.#realFolders.clear();
    this.#realFolders.set(folder, real);
    return real;
  }

  #inside(real: string): string {
    this.#realRoot ??= realpathSync(this.#root);
    const below = path.relative(this.#realRoot, real);
    if (below === '..' || below.startsWith(`..${path.sep}`) || path.isAbsolute(below))
      throw new UnusableFile('leads out of the asset folder');
    return real;
  }
}

/** What can be said of a path without looking at the disk, on any system: a repository travels. */
export function complaintAbout(relativePath: string): string | undefined {
  if (relativePath === '') return 'is an empty path; leave it NULL when there is no file';
  if (relativePath.includes('\0')) return 'holds a NUL character';
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(relativePath)) return 'is an address, not a path';
  if (/^(?:[/\\]|[a-z]:)/i.test(relativePath))
    return 'is an absolute path; paths are relative to the asset folder';
  if (relativePath.includes('..') && relativePath.split(/[/\\]/).includes('..'))
    return 'leads out of the asset folder, or might: it holds ".."';
  // `photo.png:stream` is another file there.
  if (process.platform === 'win32' && relativePath.includes(':')) return 'holds a colon';
  return undefined;
}

function ordinaryFile({ descriptor, file }: { descriptor: number; file: string }): OpenFile {
  const info = fstatSync(descriptor);
  if (info.isFile()) {
    return { descriptor, file, sizeBytes: info.size, [Symbol.dispose]: () => closeSync(descriptor) };
  }
  closeSync(descriptor);
  throw new UnusableFile(info.isDirectory() ? 'is a folder' : 'is not an ordinary file');
}

function explain(error: unknown, wanted: string): UnusableFile {
  const code = codeOf(error) ?? String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UnusableFile(
      code === 'ENOENT' && isLink(wanted)
        ? 'is a symbolic link that leads nowhere'
        : `is missing (looked for ${path.relative(process.cwd(), wanted)})`,
    );
  }
  if (code === 'ELOOP') return new UnusableFile('is a symbolic link that leads in a circle');
  if (code === 'EACCES' || code === 'EPERM') return new UnusableFile(`may not be read (${code})`);
  // A socket.
  if (code === 'ENXIO' || code === 'EOPNOTSUPP') return new UnusableFile('is not an ordinary file');
  return new UnusableFile(`cannot be read (${code})`);
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
