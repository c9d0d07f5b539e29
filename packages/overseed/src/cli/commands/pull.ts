import { defineCommand } from '../command.ts';

export const pull = defineCommand({
  name: 'pull',
  usage: '[target]',
  summary: 'copy a target into a SQLite file',
  details: [
    'Copies the tables of the source, or all of them with --all or without a source.',
    'The file holds rows, indexes and triggers, and appears when it is whole.',
  ],
  flags: {
    out: { type: 'text', value: 'FILE', help: 'where to; by default <target>.db in this folder' },
    force: { type: 'boolean', help: 'replace the file if it is there' },
    all: { type: 'boolean', help: 'all tables, not only those of the source' },
  },
  positionals: { min: 0, max: 1 },
  examples: [['overseed pull production --out local.db --force', 'work on a copy of production']],
  run: async (call) => (await import('../work/pull.ts')).pull(call),
});
