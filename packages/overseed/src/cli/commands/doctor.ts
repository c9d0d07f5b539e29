import { defineCommand } from '../command.ts';
import { SOURCE_FLAGS } from '../flags.ts';

export const doctor = defineCommand({
  name: 'doctor',
  usage: '[target…]',
  summary: 'check everything that a push needs',
  details: [
    'Environment, database, permissions, clock, source, schema, asset store: a line each, with the cure.',
    'Changes nothing; it uploads a tiny picture to the store, and removes it.',
  ],
  flags: { source: SOURCE_FLAGS.source },
  examples: [['overseed doctor production', 'before the first push']],
  run: async (call) => (await import('../work/doctor.ts')).doctor(call),
});
