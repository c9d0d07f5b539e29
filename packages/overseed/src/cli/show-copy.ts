/** The end of `pull` and `backup`: what was copied, and where it is. */
import path from 'node:path';
import type { Copied } from '../copy.ts';
import type { Place } from '../project.ts';
import type { PulledMedia } from '../pull-assets.ts';
import { countOf } from '../util/count-of.ts';
import { formatBytes } from '../util/format.ts';
import type { Output } from './output.ts';
import { ownCommand } from './own-command.ts';
import { jsonLine } from './render/json.ts';
import { painter } from './render/paint.ts';
import { alignColumns } from './render/table.ts';

export function showCopy(
  { file, tables }: Copied,
  media: PulledMedia | undefined,
  kind: 'pulled' | 'backed-up',
  { target }: Place,
  { format, color, write }: Output,
): void {
  if (format === 'json') write(jsonLine({ kind, file, tables, ...(media ? { media } : {}) }, target.name));
  if (format !== 'text') return;
  const shown = path.relative(process.cwd(), file);
  const lines = [
    '',
    `${painter(color)('green', 'Done:')} ${target.name} is in ${shown}.`,
    '',
    ...alignColumns(tables.map(({ table, rows }) => [table, countOf(rows, 'row')])),
    ...(media ? ['', `  ${describeMedia(media)}`] : []),
    ...(kind === 'backed-up'
      ? ['', `  put it back  ${ownCommand()} restore ${shown} ${target.name} --force`]
      : []),
  ];
  write(lines.map((line) => `${line}\n`).join(''));
}

function describeMedia({ folder, files, bytes, alreadyThere }: PulledMedia): string {
  const there = alreadyThere > 0 ? `; ${alreadyThere} were there` : '';
  return `${countOf(files, 'file')} (${formatBytes(bytes)}) in ${path.relative(process.cwd(), folder) || '.'}${there}`;
}
