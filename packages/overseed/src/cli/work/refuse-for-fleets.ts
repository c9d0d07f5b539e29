import { OverseedError } from '../../model/error.ts';

/** A saved plan is of one target. @throws BAD_FLAG when one of `flags` was given for several */
export function refuseForFleets(flags: Readonly<Record<string, string | undefined>>, targets: number): void {
  const [name] = Object.entries(flags).find(([, value]) => value !== undefined) ?? [];
  if (name === undefined || targets === 1) return;
  throw new OverseedError('BAD_FLAG', {
    what: `--${name} is for one target, and ${targets} were named.`,
    state: 'not-contacted',
    next: 'Name one of them.',
  });
}
