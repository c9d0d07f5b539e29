import { defineCommand } from '../command.ts';

export const backup = defineCommand({
  name: 'backup',
  usage: '[target]',
  summary: 'seal a copy that `restore` can put back',
  details: [
    'It goes where the backups of pushes go, and stays there until you remove it.',
    'Copies the tables of the source, or all of them with --all or without a source.',
  ],
  flags: { all: { type: 'boolean', help: 'all tables, not only those of the source' } },
  positionals: { min: 0, max: 1 },
  examples: [['overseed backup production', 'before something risky']],
  run: async (call) => (await import('../work/backup.ts')).backup(call),
});
