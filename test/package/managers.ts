/** npm, pnpm and Yarn, as a person uses them. */
import path from 'node:path';

const YARN = path.resolve(import.meta.dirname, '../../node_modules/@yarnpkg/cli-dist/bin/yarn.js');

export interface Manager {
  readonly name: 'npm' | 'pnpm' | 'yarn';
  /** Adds packages that were packed, as the guide says. @param tarballs relative to the project */
  add(...tarballs: readonly string[]): readonly string[];
  /** A command of the guide, which speaks of npm, in the words of this manager. */
  run(command: string): readonly string[];
}

export const npm: Manager = {
  name: 'npm',
  add: (...tarballs) => ['npm', 'install', '--save-dev', '--prefer-offline', ...tarballs],
  run: (command) => command.split(' '),
};

export const pnpm: Manager = {
  name: 'pnpm',
  add: (...tarballs) => ['pnpm', 'add', '--save-dev', '--prefer-offline', ...tarballs],
  run: (command) => ['pnpm', ...command.split(' ').slice(1)],
};

/** With Plug'n'Play, which is what it does unless it is told otherwise: there is no node_modules, and packages stay zipped. */
export const yarn: Manager = {
  name: 'yarn',
  add: (...tarballs) => [
    ...[process.execPath, YARN, 'add', '--dev'],
    ...tarballs.map((file) => `${/([\w-]+)-\d/.exec(file)?.[1]}@file:${file}`),
  ],
  run: (command) => [process.execPath, YARN, ...command.split(' ').slice(1)],
};
