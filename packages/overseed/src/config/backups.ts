/** Which backups of a target stay, as users write it. */
import { OverseedError } from '../model/error.ts';
import { describeValue } from '../model/value.ts';
import { nearestName } from '../util/nearest-name.ts';

export interface BackupSettings {
  /** How many of each target stay, the newest; a whole number of at least 1. Default 50. */
  readonly keep?: number;
  /** Older ones go, in days. By default none does for its age. The newest always stays. */
  readonly maxAgeDays?: number;
}

const RULES: Record<keyof BackupSettings, { isGood(value: number): boolean; rule: string }> = {
  keep: {
    isGood: (value) => Number.isSafeInteger(value) && value >= 1,
    rule: 'must be a whole number of at least 1',
  },
  maxAgeDays: {
    isGood: (value) => Number.isFinite(value) && value > 0,
    rule: 'must be a number of days above 0',
  },
};

/**
 * @param where the settings stand, for messages
 * @throws CONFIG_INVALID naming every key that is unknown or has a value it cannot have
 */
export function retentionOf(settings: unknown, where: string): { keep?: number; days?: number } {
  if (settings === undefined) return {};
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    throw invalid(where, [
      `  backups: must be an object such as { keep: 20 }, not ${describeValue(settings)}`,
    ]);
  const problems = Object.entries(settings).flatMap(([key, value]) => problemOf(key, value));
  if (problems.length > 0) throw invalid(where, problems);
  const { keep, maxAgeDays } = settings as BackupSettings;
  return {
    ...(keep === undefined ? {} : { keep }),
    ...(maxAgeDays === undefined ? {} : { days: maxAgeDays }),
  };
}

function problemOf(key: string, value: unknown): string[] {
  const found = Object.hasOwn(RULES, key) ? RULES[key as keyof BackupSettings] : undefined;
  if (!found) {
    const meant = nearestName(key, Object.keys(RULES));
    return [`  backups.${key}: is not a known key${meant ? ` (did you mean ${meant}?)` : ''}`];
  }
  if (value === undefined || (typeof value === 'number' && found.isGood(value))) return [];
  return [`  backups.${key}: ${found.rule}, not ${describeValue(value)}`];
}

function invalid(where: string, problems: readonly string[]): OverseedError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new OverseedError('CONFIG_INVALID', {
    what: `${where} has ${count}:\n${problems.join('\n')}`,
    state: 'not-contacted',
    next: 'Correct it, then run this again.',
  });
}
