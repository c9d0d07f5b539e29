import { defineCommand } from '../command.ts';
import { CONSENT_FLAGS, PUSH_FLAGS, REPORT_FLAGS, SOURCE_FLAGS } from '../flags.ts';

export const push = defineCommand({
  name: 'push',
  usage: '[target…]',
  summary: 'make targets exactly equal to the source',
  details: [
    'Rows and media, all or nothing, compared afterwards.',
    'Without --force, a target that holds data is asked about on a terminal, and left alone elsewhere.',
    'A backup is made first; the last lines say how to undo.',
  ],
  flags: { ...CONSENT_FLAGS, ...SOURCE_FLAGS, ...PUSH_FLAGS, ...REPORT_FLAGS },
  examples: [
    ['overseed push staging', 'shows the plan, and asks'],
    ['overseed push production --plan plan.json --force --confirm production', 'what was reviewed, in CI'],
  ],
  run: async (call) => (await import('../work/push.ts')).push(call),
});
