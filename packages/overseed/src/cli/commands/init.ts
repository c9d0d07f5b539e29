import { defineCommand } from '../command.ts';

export const init = defineCommand({
  name: 'init',
  usage: '',
  summary: 'write a configuration for what it finds here',
  details: [
    'Knows Astro DB, Drizzle, SQLite files and folders of data. Replaces no file, and contacts nobody.',
  ],
  flags: {},
  positionals: { min: 0, max: 0 },
  examples: [['overseed init', 'then `overseed doctor production`']],
  run: async (call) => (await import('../work/init.ts')).init(call),
});
