import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CONFIG_FILES } from '../../config/find-config.ts';
import { OverseedError } from '../../model/error.ts';
import type { Call } from '../command.ts';
import { detectProject, type Project } from '../init/detect.ts';
import { filesFor } from '../init/write-project.ts';
import { chooseOutput } from '../output.ts';
import { ownCommand } from '../own-command.ts';
import { jsonLine } from '../render/json.ts';
import { withInterrupts } from '../run-command.ts';

const FOUND: Record<Project['kind'], string> = {
  'astro-db': 'an Astro DB site',
  drizzle: 'a project with Drizzle',
  sqlite: 'a SQLite file',
  data: 'a folder of data',
  unknown: 'nothing it knows, so the configuration is a template',
};

export function init({ flags }: Call): Promise<number> {
  const output = chooseOutput(flags);
  return withInterrupts(output, async () => {
    const root = process.cwd();
    refuseToReplace(root);
    const project = detectProject(root);
    const written: string[] = [];
    for (const { name, content } of filesFor(project)) {
      // The configuration is new; of the others, what is there may be somebody's work.
      if (existsSync(path.join(root, name))) continue;
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), content, { flag: 'wx' });
      written.push(name);
    }
    if (output.format === 'json')
      output.write(jsonLine({ kind: 'initialized', found: project.kind, files: written }));
    if (output.format === 'text') output.write(nextSteps(project, written));
    return 0;
  });
}

function refuseToReplace(root: string): void {
  const existing = CONFIG_FILES.find((name) => existsSync(path.join(root, name)));
  if (existing === undefined) return;
  throw new OverseedError('CONFIG_INVALID', {
    what: `${existing} is there already.`,
    state: 'not-contacted',
    next: 'Change it, or remove it and run this again.',
  });
}

function nextSteps({ kind }: Project, written: readonly string[]): string {
  const own = ownCommand();
  const steps = [
    ['Read', `${written.join(' and ')}, and complete what is missing.`],
    ['Set', 'the variables of production, in the environment or in .env.production.'],
    ['Run', `${own} doctor production`],
    ['Then', `${own} plan production`],
    ['And', `${own} push production`],
  ];
  return [
    `Found ${FOUND[kind]}; wrote ${written.join(' and ')}.`,
    '',
    ...steps.map(([verb = '', what]) => `  ${verb.padEnd(6)}${what}`),
    '',
  ].join('\n');
}
