import type { TargetChoice } from '../../config/config.ts';
import type { Consent } from '../../push.ts';
import { askConsent } from '../consent.ts';
import type { CONSENT_FLAGS, FlagValues } from '../flags.ts';
import type { Output } from '../output.ts';
import { listOf } from '../parse-flags.ts';
import { openTerminal, type Terminal } from '../terminal.ts';

const NOBODY: Terminal = { isInteractive: false, ask: async () => undefined };

/** @param mayAsk false where several questions would meet on one terminal */
export function consentOf(
  target: TargetChoice,
  flags: FlagValues<typeof CONSENT_FLAGS>,
  { output, signal, mayAsk = true }: { output: Output; signal: AbortSignal; mayAsk?: boolean },
): Consent {
  const terminal = mayAsk && output.format === 'text' ? openTerminal() : NOBODY;
  return (plan) =>
    askConsent(plan, {
      target: target.name,
      isProtected: target.isProtected,
      force: flags.force,
      yes: flags.yes,
      confirmed: listOf(flags.confirm),
      maxDeletes: flags['max-deletes'],
      terminal,
      signal,
    });
}
