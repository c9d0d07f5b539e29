import { defineCommand } from '../command.ts';

export const pull = defineCommand({
  name: 'pull',
  usage: '[target]',
  summary: 'copy a target into a SQLite file, and its media into a folder',
  details: [
    'Copies the tables of the source, or all of them with --all or without a source.',
    'The file holds rows, indexes and triggers, and appears when it is whole.',
    'With --assets every file that the rows point to comes too, under the path that they give it,',
    'proved to be what was stored: the file and the folder together are a source again.',
  ],
  flags: {
    out: { type: 'text', value: 'FILE', help: 'where to; by default <target>.db in this folder' },
    force: { type: 'boolean', help: 'replace files that are there' },
    assets: { type: 'text', value: 'DIR', help: 'the media of the rows too, into this folder' },
    all: { type: 'boolean', help: 'all tables, not only those of the source' },
  },
  positionals: { min: 0, max: 1 },
  examples: [
    ['overseed pull production --out local.db --force', 'work on a copy of production'],
    ['overseed pull production --assets media', 'its images as well'],
  ],
  run: async (call) => (await import('../work/pull.ts')).pull(call),
});
