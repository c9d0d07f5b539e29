/** How a run ended, in one line, and in full where it failed. */
import { stateSentence } from '../../model/error.ts';
import type { RefusalReason } from '../../model/outcome.ts';
import { isEmpty } from '../../model/plan.ts';
import { assertNever } from '../../util/assert-never.ts';
import type { Ending, ReportFacts } from '../facts.ts';
import { html, type Markup } from './markup.ts';
import { counted, message, section, withCode } from './show.ts';

interface Headline {
  readonly tone: 'good' | 'calm' | 'bad';
  /** Says the same as the colour. */
  readonly sign: string;
  readonly text: string;
}

export function headline({ ending, targetName }: Pick<ReportFacts, 'ending' | 'targetName'>): Headline {
  switch (ending.kind) {
    case 'checked':
      return ending.isGood
        ? { tone: 'good', sign: '✔', text: `Equal: ${targetName} is exactly what the source says` }
        : { tone: 'bad', sign: '✘', text: `Not equal: ${targetName} is not what the source says` };
    case 'failed': {
      const isStopped = ending.failure.code === 'INTERRUPTED';
      return { tone: 'bad', sign: isStopped ? '■' : '✘', text: isStopped ? 'Stopped' : 'Failed' };
    }
    case 'outcome':
      return ofOutcome(ending, targetName);
    default:
      return assertNever(ending);
  }
}

function ofOutcome({ outcome }: Ending & { kind: 'outcome' }, targetName: string): Headline {
  const nothing = `Nothing to do: ${targetName} already holds exactly this`;
  switch (outcome.status) {
    case 'applied':
      return { tone: 'good', sign: '✔', text: `Done: ${targetName} is exactly what the source says` };
    case 'unchanged':
      return { tone: 'good', sign: '✔', text: nothing };
    case 'planned':
      return isEmpty(outcome.plan)
        ? { tone: 'good', sign: '✔', text: nothing }
        : { tone: 'calm', sign: '○', text: `Planned: this is what would happen to ${targetName}` };
    case 'refused':
      return {
        tone: 'calm',
        sign: '■',
        text: `Nothing was changed: ${reasonText(outcome.reason, targetName)}`,
      };
    default:
      return assertNever(outcome);
  }
}

function reasonText(reason: RefusalReason, targetName: string): string {
  switch (reason.kind) {
    case 'target-has-data':
      return `${targetName} already holds data`;
    case 'not-confirmed':
      return reason.wanted === 'yes'
        ? 'the answer was not yes'
        : `${targetName} is protected, and its name was not given`;
    case 'too-many-deletes':
      return `this would delete ${counted(reason.deletes, 'row')}, and ${reason.allowed} were allowed`;
    default:
      return assertNever(reason);
  }
}

/** The three things to know at midnight. */
export function failureSection({ ending }: ReportFacts): Markup | undefined {
  if (ending.kind !== 'failed') return undefined;
  const { code, what, state, next } = ending.failure;
  return section(
    'failure',
    'What happened',
    html`<div class="failure">
${message(what)}
<dl class="facts">
<dt>The target</dt><dd>${stateSentence(state)}</dd>
<dt>What to do</dt><dd>${withCode(next)}</dd>
<dt>Code</dt><dd><code>${code}</code></dd>
</dl>
</div>`,
  );
}
