import { defineCommand } from '../command.ts';
import { CONSENT_FLAGS, REPORT_FLAGS } from '../flags.ts';

export const restore = defineCommand({
  name: 'restore',
  usage: 'FILE [target]',
  summary: 'put a backup back',
  details: [
    'Makes the target exactly what it was when the backup FILE was sealed.',
    'A push whose source is the backup: all or nothing, compared afterwards, and undone the same way.',
  ],
  flags: { ...CONSENT_FLAGS, ...REPORT_FLAGS },
  positionals: { min: 1, max: 2 },
  examples: [['overseed restore before.db production --force', 'puts it back']],
  run: async (call) => (await import('../work/restore.ts')).restore(call),
});
