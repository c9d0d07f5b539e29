import { defineCommand } from '../command.ts';
import { SOURCE_FLAGS } from '../flags.ts';

export const verify = defineCommand({
  name: 'verify',
  usage: '[target…]',
  summary: 'prove that targets are equal to the source',
  details: [
    'Counts, foreign keys, every cell, and every URL of an image.',
    'Ends with 1 when something differs. Changes nothing.',
  ],
  flags: { source: SOURCE_FLAGS.source },
  examples: [['overseed verify production', 'after a push, or at night']],
  run: async (call) => (await import('../work/verify.ts')).verify(call),
});
