import { defineCommand } from '../command.ts';
import { SOURCE_FLAGS } from '../flags.ts';

export const verify = defineCommand({
  name: 'verify',
  usage: '[target…]',
  summary: 'prove that targets are equal to the source, media included',
  details: ['Ends with 1 when something differs. Changes nothing.'],
  flags: { source: SOURCE_FLAGS.source },
  examples: [['overseed verify production', 'counts, foreign keys, every cell, every URL']],
  run: async (call) => (await import('../work/verify.ts')).verify(call),
});
