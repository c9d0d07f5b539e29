import { defineCommand } from '../command.ts';
import { CONSENT_FLAGS, REPORT_FLAGS } from '../flags.ts';

export const undo = defineCommand({
  name: 'undo',
  usage: '[target]',
  summary: 'put back what the last push replaced',
  details: [
    'It restores the backup that the last run on the target made, so twice brings you back to where you were.',
    'The backup must be on this machine.',
  ],
  flags: { ...CONSENT_FLAGS, ...REPORT_FLAGS },
  positionals: { min: 0, max: 1 },
  examples: [['overseed undo production --force', 'puts the newest backup back']],
  run: async (call) => (await import('../work/restore.ts')).undo(call),
});
