/** A newcomer: an empty folder, the packed files beside it, and the guide. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { randomPicture } from '../../packages/overseed/src/util/random-picture.ts';
import { type CommandResult, runCommand } from '../support/run-command.ts';
import { cleanEnvironment } from '../support/site.ts';
import type { Step } from './guide.ts';
import type { Manager } from './managers.ts';

const TIMEOUT_MS = 120_000;

/** How a package manager reaches its registry from here, whatever the machine needs for that. */
const NETWORK =
  /^(npm_config_(registry|\w*proxy|ca|cafile|strict_ssl|userconfig|cache)|\w+_proxy|NODE_EXTRA_CA_CERTS|YARN_\w+)$/i;

export interface Newcomer {
  readonly folder: string;
  readonly manager: Manager;
  write(file: string, content: string | Uint8Array): Promise<void>;
  read(file: string): Promise<string>;
  /** Paints the picture of a product anew. @returns its bytes */
  paint(name: string): Promise<Buffer>;
  /** A command of the guide; whatever it prints. */
  run(command: string, options?: { signal?: AbortSignal }): Promise<CommandResult>;
  /** The same, which must succeed and complain of nothing. */
  succeed(command: string): Promise<CommandResult>;
  /** Does what a section says; `instead` has other contents for files that only the reader can know. */
  follow(
    steps: readonly Step[] | undefined,
    instead?: Readonly<Record<string, string>>,
  ): Promise<CommandResult[]>;
}

export async function meetNewcomer(folder: string, manager: Manager): Promise<Newcomer> {
  await mkdir(folder, { recursive: true });
  const newcomer: Newcomer = {
    folder,
    manager,
    async write(file, content) {
      const absolute = path.join(folder, file);
      await mkdir(path.dirname(absolute), { recursive: true });
      await writeFile(absolute, content);
    },
    read: (file) => readFile(path.join(folder, file), 'utf8'),
    async paint(name) {
      const picture = randomPicture({ width: 8, height: 8 });
      await newcomer.write(`images/${name}`, picture);
      return picture;
    },
    run: (command, options) => start(manager.run(command), folder, options?.signal),
    async succeed(command) {
      const result = await newcomer.run(command);
      expect(result.stderr + (result.exitCode === 0 ? '' : result.stdout), command).toBe('');
      expect(result.exitCode, command).toBe(0);
      return result;
    },
    async follow(steps, instead = {}) {
      if (steps === undefined || steps.length === 0) throw new Error('The guide has no such section.');
      const results: CommandResult[] = [];
      for (const step of steps) {
        if (step.do === 'run') {
          results.push(await newcomer.succeed(step.command));
          continue;
        }
        // What `init` has written is there, and the guide only adds to it.
        if (step.file.startsWith('overseed.config.')) {
          const written = await newcomer.read(step.file);
          for (const line of written.split('\n').filter((text) => !/^ *\/\//.test(text)))
            expect(step.content, step.file).toContain(line);
        }
        await newcomer.write(step.file, instead[step.file] ?? step.content);
      }
      return results;
    },
  };
  return newcomer;
}

export async function install(
  { folder, manager }: Newcomer,
  tarballs: readonly string[],
): Promise<CommandResult> {
  const files = tarballs.map((file) => path.relative(folder, file));
  const result = await start(manager.add(...files), folder);
  expect(result.exitCode, result.stdout + result.stderr).toBe(0);
  return result;
}

function start(command: readonly string[], folder: string, signal?: AbortSignal): Promise<CommandResult> {
  const [program = '', ...args] = command;
  return runCommand(program, args, {
    cwd: folder,
    env: {
      ...cleanEnvironment(),
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => NETWORK.test(name))),
      npm_config_loglevel: 'error',
    },
    timeoutMs: TIMEOUT_MS,
    ...(signal ? { signal } : {}),
  });
}
