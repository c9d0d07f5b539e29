import { defineCommand } from '../command.ts';
import { REPORT_FLAGS, SOURCE_FLAGS } from '../flags.ts';

export const verify = defineCommand({
  name: 'verify',
  usage: '[target…]',
  summary: 'prove that targets are equal to the source',
  details: [
    'Counts, foreign keys, every cell, and whether every URL of an image answers.',
    'Ends with 1 when something differs. Changes nothing.',
  ],
  flags: {
    source: SOURCE_FLAGS.source,
    assets: { type: 'boolean', help: 'fetch every image, and compare its bytes with what was stored' },
    sample: { type: 'count', value: 'N', help: 'the same for N images, chosen at random' },
    ...REPORT_FLAGS,
  },
  examples: [['overseed verify production --sample 20', 'after a push, or at night']],
  run: async (call) => (await import('../work/verify.ts')).verify(call),
});
