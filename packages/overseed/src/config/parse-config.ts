/** `UserConfig` → `Config`: every problem at once, every default filled in. */
import path from 'node:path';
import type { AssetColumns } from '../model/asset-columns.ts';
import { OverseedError } from '../model/error.ts';
import { countOf } from '../util/count-of.ts';
import { nearestName } from '../util/nearest-name.ts';
import { parseAssets } from './asset-tables.ts';
import type { Config, SourceChoice, StoreChoice, TargetChoice } from './config.ts';
import { configShape } from './config-shape.ts';
import type { ConfigProblem } from './shape.ts';
import { classifySource } from './source-choice.ts';
import type { AutoStoreConfig, S3StoreConfig, StoreConfig, TargetConfig, UserConfig } from './user-config.ts';

const SCHEMES = /^(file|libsql|https?|wss?):/;

/**
 * @param given whatever the file holds
 * @param label the file, for messages
 * @param root folder that paths are relative to
 * @throws CONFIG_INVALID with every problem
 */
export function parseConfig(given: unknown, { label, root }: { label: string; root: string }): Config {
  const problems: ConfigProblem[] = [];
  const report = (problem: ConfigProblem) => void problems.push(problem);
  configShape.check(given, '', report);
  // What follows relies on the shape; with problems in it, more would be found that are none.
  if (problems.length > 0) throw invalidConfig(label, problems);
  const user = given as UserConfig;
  const source = user.source === undefined ? undefined : toSource(user.source, root, report);
  checkTargets(user, report);
  if (problems.length > 0) throw invalidConfig(label, problems);
  const entries = Object.entries(user.targets ?? {});
  const { keep, maxAgeDays } = user.backups ?? {};
  return {
    label,
    root,
    source,
    targets: new Map(
      entries.flatMap(([name, target]) => (isFleet(target) ? [] : [[name, toTarget(name, target)]])),
    ),
    fleets: new Map(entries.flatMap(([name, target]) => (isFleet(target) ? [[name, target]] : []))),
    scope: { include: user.tables?.include ?? ['*'], exclude: user.tables?.exclude ?? [] },
    rules: user.rules ?? {},
    expect: user.expect ?? {},
    store: toStore(user.assets?.store ?? 'auto'),
    assetColumns: toAssetColumns(user, root),
    backups: {
      folder: path.resolve(root, user.backups?.folder ?? '.overseed/backups'),
      retention: {
        ...(keep === undefined ? {} : { keep }),
        ...(maxAgeDays === undefined ? {} : { days: maxAgeDays }),
      },
    },
  };
}

/** One line a problem: path, what is wrong. */
export function invalidConfig(label: string, problems: readonly ConfigProblem[]): OverseedError {
  const width = Math.max(...problems.map(({ path: at }) => at.length));
  const lines = problems.map(({ path: at, message }) => `  ${at.padEnd(width)}  ${message}`.trimEnd());
  return new OverseedError('CONFIG_INVALID', {
    what: `${label} has ${countOf(problems.length, 'problem')}:\n${lines.join('\n')}`,
    state: 'not-contacted',
    next: problems.length === 1 ? 'Correct it, then run this again.' : 'Correct them, then run this again.',
  });
}

type Report = (problem: ConfigProblem) => void;

function toSource(
  given: NonNullable<UserConfig['source']>,
  root: string,
  report: Report,
): SourceChoice | undefined {
  const choice = classifySource(given, root);
  if (typeof choice !== 'string') return choice;
  report({ path: 'source', message: choice });
  return undefined;
}

function isFleet(target: TargetConfig | readonly string[]): target is readonly string[] {
  return Array.isArray(target);
}

function checkTargets({ targets = {} }: UserConfig, report: Report): void {
  const single = Object.keys(targets).filter((name) => !isFleet(targets[name] as TargetConfig));
  for (const [name, target] of Object.entries(targets)) {
    const at = `targets.${name}`;
    if (!isFleet(target)) checkAddress(target, at, report);
    else if (target.length === 0) report({ path: at, message: 'is an empty list' });
    else
      for (const [index, member] of target.entries()) {
        if (single.includes(member)) continue;
        const meant = nearestName(member, single);
        const hint = meant ? ` (did you mean "${meant}"?)` : '';
        report({ path: `${at}[${index}]`, message: `"${member}" is not one of the targets${hint}` });
      }
  }
}

function checkAddress({ url, urlVariable }: TargetConfig, at: string, report: Report): void {
  if (url === undefined) return;
  if (urlVariable !== undefined)
    report({ path: at, message: 'has both url and urlVariable: leave one of them out' });
  if (!SCHEMES.test(url))
    report({ path: `${at}.url`, message: 'must begin with file:, libsql:, https:, http:, wss: or ws:' });
  else if (!url.startsWith('file:') && holdsSecret(url))
    report({ path: `${at}.url`, message: 'holds a token: put that into the environment instead' });
}

function holdsSecret(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password, searchParams } = new URL(url);
  return username !== '' || password !== '' || searchParams.has('authToken') || searchParams.has('jwt');
}

function toTarget(name: string, target: TargetConfig): TargetChoice {
  const { envFile } = target;
  return {
    name,
    url: target.url,
    urlVariable: target.urlVariable,
    tokenVariable: target.tokenVariable,
    envFiles: typeof envFile === 'string' ? [envFile] : envFile,
    isProtected: target.protected ?? false,
    store: target.store === undefined ? undefined : toStore(target.store),
  };
}

function toStore(given: StoreConfig): StoreChoice {
  const store = typeof given === 'string' || typeof given === 'function' ? { kind: given } : given;
  // Which of these a store may have, its shape has said.
  const { kind, prefix = '', folder = 'public/media', baseUrl = '/media', ...s3 } = store as StoreFields;
  return { kind, prefix, publicFolder: folder, baseUrl, ...(kind === 's3' && { s3 }) };
}

interface StoreFields extends Omit<AutoStoreConfig, 'kind'>, Omit<S3StoreConfig, 'kind' | 'prefix'> {
  readonly kind: StoreChoice['kind'];
}

function toAssetColumns({ assets }: UserConfig, root: string): Record<string, AssetColumns> {
  return assets ? parseAssets(assets, root) : {};
}
