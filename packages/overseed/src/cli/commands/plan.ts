import { defineCommand } from '../command.ts';
import { CONSENT_FLAGS, REPORT_FLAGS, SOURCE_FLAGS } from '../flags.ts';

const { 'allow-cascade': allowCascade, strategy, columns } = CONSENT_FLAGS;

export const plan = defineCommand({
  name: 'plan',
  usage: '[target…]',
  summary: 'show what push would do; change nothing',
  details: ['A token that may only read is enough.'],
  flags: {
    'detailed-exitcode': {
      type: 'boolean',
      help: 'end with 2 when there is something to do, with 0 when not',
    },
    columns,
    out: { type: 'text', value: 'FILE', help: 'save the plan there; `push --plan FILE` does exactly that' },
    'allow-cascade': allowCascade,
    strategy,
    ...SOURCE_FLAGS,
    ...REPORT_FLAGS,
  },
  examples: [
    ['overseed plan production --columns', 'what would change, by column'],
    ['overseed plan production --out plan.json --detailed-exitcode', 'for a review'],
  ],
  run: async (call) => (await import('../work/plan.ts')).plan(call),
});
