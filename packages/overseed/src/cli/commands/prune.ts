import { defineCommand } from '../command.ts';

export const prune = defineCommand({
  name: 'prune',
  usage: '[target…]',
  summary: 'remove images that nobody needs any more',
  details: [
    'Removes what no row, no backup here and no running push needs, and what has been so for the grace period. ' +
      'Only images in the ledger of a target are ever removed. Name all targets that share a folder of the store.',
  ],
  flags: {
    yes: { type: 'boolean', help: 'remove them; without it, they are only shown' },
    grace: {
      type: 'text',
      value: 'TIME',
      help: 'how long an image stays after its last row let go of it; 7d, 12h, 30m, 0; default 7d',
    },
    alone: { type: 'boolean', help: 'no target but those that are named uses this folder of the store' },
  },
  examples: [['overseed prune production --yes', 'once a week']],
  run: async (call) => (await import('../work/prune.ts')).prune(call),
});
