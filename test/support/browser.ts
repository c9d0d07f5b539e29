/**
 * A headless Chromium for tests and for the demo: the machine's own if there is one, else the one that the package
 * `@sparticuz/chromium` carries together with the shared libraries and fonts it needs. That one is unpacked once, into
 * `.tools/` of this repository, so a fresh machine needs neither root nor a system package.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { runCommand } from './run-command.ts';

const TOOLS = path.resolve(import.meta.dirname, '../../.tools');

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PROGRAMS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** What fontconfig reads in place of the package's own file, which names folders that are not ours. */
const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/**
 * Starts a browser; dispose of it, or call `close`.
 * @param preference `packaged` passes over the machine's own
 * @throws Error when this machine has no Chromium and none can be unpacked
 */
export async function openBrowser(preference: 'system' | 'packaged' = 'system'): Promise<Browser> {
  const system = preference === 'system' ? findSystemChromium() : undefined;
  const { executablePath, env } = system ?? (await unpackChromium());
  return chromium.launch({
    executablePath,
    args: ARGUMENTS,
    env: { ...process.env, ...env } as Record<string, string>,
  });
}

interface Chromium {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

function findSystemChromium(): Chromium | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const candidates = folders.flatMap((folder) => SYSTEM_NAMES.map((name) => path.join(folder, name)));
  if (process.platform === 'darwin') candidates.push(...MAC_PROGRAMS);
  const executablePath = candidates.find((candidate) => existsSync(candidate));
  return executablePath === undefined ? undefined : { executablePath, env: {} };
}

async function unpackChromium(): Promise<Chromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `No Chromium was found, and none can be installed from packages on ${process.platform}-${process.arch}.\n` +
        `Install Chromium or Google Chrome so that one of these is on PATH: ${SYSTEM_NAMES.join(', ')}.`,
    );
  }
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const manifest = JSON.parse(await readFile(path.join(path.dirname(entry), '../package.json'), 'utf8')) as {
    version: string;
  };
  const folder = path.join(TOOLS, `chromium-${manifest.version}`);
  if (!existsSync(folder)) await unpackInto(folder, entry);
  return {
    executablePath: path.join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: [path.join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH]
        .filter(Boolean)
        .join(':'),
      FONTCONFIG_PATH: path.join(folder, 'fonts'),
    },
  };
}

/** The package unpacks to the system's temporary folder, whatever half-done file is there. So it gets one of its own. */
async function unpackInto(folder: string, entry: string): Promise<void> {
  const staging = `${folder}.${process.pid}`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  const script = `const { default: chromium } = await import(${JSON.stringify(pathToFileURL(entry).href)});
    await chromium.executablePath();`;
  const { exitCode, stderr } = await runCommand(process.execPath, ['--input-type=module', '-e', script], {
    cwd: staging,
    // It adds its shared libraries only where it believes to be on AWS Lambda.
    env: { TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    timeoutMs: 120_000,
  });
  if (exitCode !== 0) throw new Error(`Unpacking @sparticuz/chromium failed:\n${stderr}`);
  await writeFile(path.join(staging, 'fonts', 'fonts.conf'), FONTS_CONF);
  try {
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    // Another process was faster; what it put there is the same.
    if (!existsSync(folder)) throw error;
  }
}
