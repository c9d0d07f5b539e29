/** Every kind of line that `--json` prints, with its keys: the compiler holds this list complete, and the page of formats shows it. */
import type { Event } from '../model/event.ts';

type CommandEvent =
  | 'run-failed'
  | 'finding'
  | 'checks-finished'
  | 'recorded-run'
  | 'pulled'
  | 'backed-up'
  | 'initialized'
  | 'cloud-started'
  | 'cloud-stopped';

export type JsonKind = Event['kind'] | CommandEvent;

export const JSON_EVENTS: Readonly<Record<JsonKind, string>> = {
  'run-started': '`runId`, `source`, `target` (the host, or the path), `store`',
  'stage-started': '`stage`',
  'stage-progress': '`stage`, `done`, `total` (absent when nobody knows), `unit`',
  'stage-finished': '`stage`, `ms`, `detail` (for people)',
  'plan-made': '`plan`',
  'plan-saved': '`file`, as it was given with `--out`',
  'file-stored':
    '`path`, `bytes`, `ms` of the attempt that succeeded, `atOnce`: uploads under way, `result` (`stored` or `already-there`)',
  'upload-retried': '`path`, `attempt`, `reason`, `waitMs`',
  'prune-planned': '`plan`, of a prune',
  'store-waiting': '`until` (ISO 8601), `reason`: the store wants a pause',
  'prune-finished': '`outcome` of a prune, `ms`',
  'report-written': '`file`, as it was given with `--report`',
  warning: '`message`',
  'run-finished': '`outcome`, `ms`',
  'run-failed': '`code`, `what`, `state`, `next`, `exitCode`',
  finding:
    '`status` (`ok` or `problem`), `subject`, `detail`, and for a problem `cure`; of `verify` and `doctor`',
  'checks-finished': '`good`: whether no finding was a problem',
  'recorded-run':
    '`runId`, `finishedAt` (ISO 8601), `source`, `inserted`, `updated`, `deleted`, `uploaded`; of `history`',
  pulled:
    '`file`, `tables` as `{ table, rows }`; with `--assets` `media` as `{ folder, files, bytes, alreadyThere }`',
  'backed-up': '`file`, `tables` as `{ table, rows }`',
  initialized: '`found` (`astro-db`, `drizzle`, `sqlite`, `data`, `unknown`), `files` that were written',
  'cloud-started': '`env`: variables by name; `envFile` if they were written to one',
  'cloud-stopped': 'none',
};
