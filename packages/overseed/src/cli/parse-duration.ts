import { OverseedError } from '../model/error.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `7d`, `12h`, `30m`, `45s` or `0`, in ms. @param flag for the message. @throws BAD_FLAG */
export function parseDuration(text: string, flag: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (text === '0') return 0;
  if (count !== undefined && unit !== undefined) return Number(count) * (UNITS[unit] ?? 0);
  throw new OverseedError('BAD_FLAG', {
    what: `--${flag} ${text} is not a time.`,
    state: 'not-contacted',
    next: `Write it as 7d, 12h, 30m or 0.`,
  });
}
