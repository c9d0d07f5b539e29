import { defineCommand } from '../command.ts';

export const history = defineCommand({
  name: 'history',
  usage: '[target]',
  summary: 'list the runs that are recorded on a target',
  flags: {
    limit: { type: 'count', value: 'N', help: 'how many, newest first; default 20' },
  },
  positionals: { min: 0, max: 1 },
  examples: [['overseed history production --limit 5', 'who pushed what, and when']],
  run: async (call) => (await import('../work/history.ts')).history(call),
});
