/** Follows a guide in a folder as a reader would: types its commands, writes its files, expects what it shows. */
import { mkdir, readdir, readFile, readlink, realpath, symlink, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../support/run-command.ts';
import { cleanEnvironment } from '../support/site.ts';
import type { Step } from './read-guide.ts';

const TIMEOUT_MS = 120_000;

export interface Reader {
  readonly folder: string;
  /** A package.json whose installed packages stand in for what a registry would send. */
  readonly packagesOf: string;
  /** What no command may print. */
  readonly secrets: readonly string[];
  /** What the reader puts in where the guide says so. */
  readonly words: Readonly<Record<string, string>>;
}

/** @returns what the last command printed. @throws Error when a step does not do what the guide says */
export async function follow(steps: readonly Step[], reader: Reader): Promise<string> {
  let printed = '';
  for (const step of steps) {
    if (step.kind === 'commands') for (const line of step.lines) printed = await type(line, reader);
    else if (step.kind === 'output') expectOutput(step.lines, printed);
    else if (step.kind === 'edit') await edit(path.join(reader.folder, step.file), step.before, step.after);
    else await write(path.join(reader.folder, step.file), step.text);
  }
  return printed;
}

async function type(line: string, reader: Reader): Promise<string> {
  const install = /^pnpm (?<verb>add|remove) (?:-D )?(?<packages>.*)$/.exec(line)?.groups;
  if (install?.packages !== undefined) {
    for (const name of install.packages.split(' '))
      await (install.verb === 'add' ? addPackage(name, reader) : removePackage(name, reader));
    return '';
  }
  const command = line.replaceAll(/\b[A-Z]{3,}\b/g, (word) => reader.words[word] ?? word);
  const { exitCode, stdout, stderr } = await runCommand('bash', ['-euc', command], {
    cwd: reader.folder,
    env: cleanEnvironment(),
    timeoutMs: TIMEOUT_MS,
  });
  if (reader.secrets.some((secret) => (stdout + stderr).includes(secret)))
    throw new Error(`A token or a secret stands in the output of \`${command}\`.`);
  if (exitCode !== 0)
    throw new Error(`\`${command}\` ended with exit code ${exitCode}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** What an install leaves behind, from packages that are here already: a test needs no registry. */
async function addPackage(wanted: string, { folder, packagesOf }: Reader): Promise<void> {
  const [, name = '', version] = /^(.+)@(.+)$/.exec(wanted) ?? [];
  const source = path.join(path.dirname(packagesOf), 'node_modules', name);
  const { version: installed } = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8')) as {
    version: string;
  };
  if (version !== installed)
    throw new Error(`The guide says ${wanted}, and the example has ${name}@${installed}.`);
  const link = await placeOf(name, folder);
  await unlink(link).catch(ignoreAbsence);
  await symlink(source, link);
  await changeManifest(folder, (manifest) => ({
    ...manifest,
    dependencies: { ...manifest.dependencies, [name]: version },
  }));
}

async function removePackage(name: string, { folder }: Reader): Promise<void> {
  await unlink(await placeOf(name, folder));
  await changeManifest(folder, (manifest) => {
    const { [name]: removed, ...dependencies } = manifest.dependencies;
    if (removed === undefined) throw new Error(`There is no ${name} to remove.`);
    return { ...manifest, dependencies };
  });
}

/** In a folder that is the site's own: a copy of an example has links, and behind them is the example itself. */
async function placeOf(name: string, folder: string): Promise<string> {
  const place = path.join(folder, 'node_modules', name);
  const scope = path.dirname(place);
  if ((await readlink(scope).catch(() => undefined)) !== undefined) {
    const names = await readdir(scope);
    const behind = await realpath(scope);
    await unlink(scope);
    await mkdir(scope);
    await Promise.all(names.map((entry) => symlink(path.join(behind, entry), path.join(scope, entry))));
  }
  await mkdir(scope, { recursive: true });
  return place;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

async function changeManifest(folder: string, change: (manifest: Manifest) => object): Promise<void> {
  const file = path.join(folder, 'package.json');
  await writeFile(
    file,
    JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')) as Manifest), null, 2),
  );
}

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** A package.json is not replaced: what the guide shows of it goes in. */
async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const isManifest = path.basename(file) === 'package.json';
  const before = isManifest ? (JSON.parse(await readFile(file, 'utf8')) as object) : {};
  await writeFile(file, isManifest ? JSON.stringify({ ...before, ...JSON.parse(text) }, null, 2) : text);
}

async function edit(file: string, before: string, after: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (text.split(before).length !== 2) throw new Error(`${file} does not hold this once:\n${before}`);
  await writeFile(
    file,
    text.replace(before, () => after),
  );
}

function expectOutput(lines: readonly string[], printed: string): void {
  for (const line of lines) {
    const pattern = line.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    if (!new RegExp(pattern.join('.*')).test(printed))
      throw new Error(`The guide shows "${line}", and this was printed:\n${printed}`);
  }
}
