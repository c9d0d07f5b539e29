/**
 * The catalogue of errors: what they mean, what state the target can be in, what to do. Codes are permanent: people
 * script against them. `docs/errors.md` is made from this.
 */

/** What a reader of the target sees after the failure. */
export type TargetState = 'old' | 'new' | 'unknown' | 'not-contacted';

export interface CatalogueEntry {
  readonly exitCode: number;
  readonly summary: string;
  /** Those in which this failure usually leaves the target; after the commit, any failure leaves the new one. */
  readonly states: readonly TargetState[];
  /** What to do, in general; the message of the error knows more. */
  readonly cure: string;
}

export const CATALOGUE = {
  BAD_FLAG: {
    exitCode: 4,
    summary: 'A flag is unknown, or has a value it cannot have.',
    states: ['not-contacted'],
    cure: 'Correct the command. `overseed --help` and `overseed help COMMAND` list what there is; a name that is nearly right is suggested.',
  },
  CONFIG_INVALID: {
    exitCode: 4,
    summary: 'The configuration or the environment is incomplete or malformed.',
    states: ['not-contacted', 'old'],
    cure: 'Every problem is listed with its path and what to write instead. `overseed doctor` says where each variable was looked for, and never shows its value.',
  },
  SOURCE_INVALID: {
    exitCode: 4,
    summary: 'Rows of the source break a rule, a type or a constraint.',
    states: ['not-contacted', 'old'],
    cure: 'Correct the rows that are listed by table, key, column and value, for files with the line; then run the same command again.',
  },
  ASSET_INVALID: {
    exitCode: 4,
    summary: 'A media file is missing, empty, too large or not an image.',
    states: ['not-contacted', 'old'],
    cure: 'Correct or replace the files that are listed, by table, row and column. No file was uploaded.',
  },
  SCHEMA_MISSING: {
    exitCode: 4,
    summary: 'The target lacks tables or columns that the source declares.',
    states: ['old'],
    cure: 'Run your migrations on the target (`drizzle-kit push`, `astro db push --remote`), or correct the name that is nearly right; then run the same command again.',
  },
  SCHEMA_UNSUPPORTED: {
    exitCode: 4,
    summary: 'The target uses something that Overseed cannot carry exactly.',
    states: ['old'],
    cure: 'Leave what is named out of the source, or change its definition as the message says.',
  },
  PLAN_INVALID: {
    exitCode: 4,
    summary: 'A file is not a saved plan, or is one of another target.',
    states: ['not-contacted', 'old'],
    cure: 'Save the plan again, for this target, with this version of Overseed.',
  },
  PLAN_NOT_SAVED: {
    exitCode: 4,
    summary: 'A plan cannot be saved in the file that was named.',
    states: ['old'],
    cure: 'Name another file with `--out`: one that can be written, and that is no other file of yours.',
  },
  REPORT_NOT_WRITTEN: {
    exitCode: 4,
    summary: 'A report cannot be written to the file that was named.',
    states: ['not-contacted', 'old', 'new', 'unknown'],
    cure: 'Name another file with `--report`: one that can be written, and that is no other file of yours.',
  },
  TARGET_UNREACHABLE: {
    exitCode: 1,
    summary: 'No answer from the database.',
    states: ['not-contacted', 'old', 'unknown'],
    cure: 'Check the address, the network and the path; then run the same command again. A run that was cut off is finished by that.',
  },
  TARGET_AUTH: {
    exitCode: 1,
    summary: 'The database refused the token.',
    states: ['old'],
    cure: 'Make a new token, or one that may also write, and set the variable that the message names.',
  },
  TARGET_REJECTED: {
    exitCode: 1,
    summary: 'The database refused a statement.',
    states: ['old', 'unknown'],
    cure: 'The message carries the reason of the database and what to do about it. Running the same command again is safe.',
  },
  TARGET_MOVED: {
    exitCode: 3,
    summary: 'The target changed between plan and apply.',
    states: ['old'],
    cure: 'Run the same command again: it plans afresh from what is there now.',
  },
  PLAN_STALE: {
    exitCode: 3,
    summary: 'The source or the target is no longer what a saved plan was made from.',
    states: ['old'],
    cure: 'The tables that moved are named with their numbers then and now. Plan again, and have that plan looked at.',
  },
  WOULD_CASCADE: {
    exitCode: 3,
    summary: 'Rows of tables outside the source depend on rows that would go away.',
    states: ['old'],
    cure: 'Keep the rows that others depend on, change those tables first, or let their rows follow with `--allow-cascade TABLES`.',
  },
  TARGET_BUSY: {
    exitCode: 1,
    summary: 'The write lock could not be had, or was taken away.',
    states: ['old', 'unknown'],
    cure: 'Run the same command again when the other writer is done. A local file may be held by `astro dev`: restart it if it stays so.',
  },
  TARGET_BLOCKED: {
    exitCode: 1,
    summary: 'The database is blocked, most often because a quota is used up.',
    states: ['old'],
    cure: 'Look into the dashboard of the database: raise the quota, or wait until it begins anew.',
  },
  TARGET_THROTTLED: {
    exitCode: 1,
    summary: 'The database answers that there are too many requests.',
    states: ['old'],
    cure: 'Wait, or stop what else keeps the database busy; then run the same command again. Up to a minute was waited already.',
  },
  TARGET_FULL: {
    exitCode: 1,
    summary: 'The database has no room for the new rows.',
    states: ['old'],
    cure: 'Give the database more room, or free some on the disk that holds the file; then run the same command again.',
  },
  DISK_FULL: {
    exitCode: 1,
    summary: 'A disk of this machine has no room for a file of the run.',
    states: ['not-contacted', 'old'],
    cure: 'Free some room in the folder that is named, or set `TMPDIR` to one on a larger disk: a run needs about three times the size of its tables.',
  },
  LEASE_HELD: {
    exitCode: 5,
    summary: 'Another run is pushing to the same target.',
    states: ['old'],
    cure: 'Wait for the run that is named. If it died, its lease ends by itself within the time that the message says.',
  },
  LEASE_LOST: {
    exitCode: 5,
    summary: 'Another run took over while this one was paused.',
    states: ['old'],
    cure: 'Nothing of this run was applied. Look whether the other run is done (`overseed history`), then run the same command again.',
  },
  ASSETS_FAILED: {
    exitCode: 1,
    summary: 'Files could not be stored.',
    states: ['old'],
    cure: 'Every file is listed with its reason. All others are stored and stay: run the same command again, and it sends only what is missing.',
  },
  STORE_AUTH: {
    exitCode: 1,
    summary: 'The asset store refused the credentials.',
    states: ['old'],
    cure: 'Check the credentials of the store. `overseed doctor` tries them with a tiny picture.',
  },
  STORE_QUOTA: {
    exitCode: 1,
    summary: 'The asset store answers no more questions for now.',
    states: ['old'],
    cure: 'Run the same command again after the time that the message says: it goes on where it stopped.',
  },
  VERIFY_FAILED: {
    exitCode: 1,
    summary: 'Target and source differ after the run.',
    states: ['old', 'new', 'unknown'],
    cure: 'Run the same command again. Images that somebody removed from the store come back with `--recheck-assets`.',
  },
  OUTCOME_UNKNOWN: {
    exitCode: 1,
    summary: 'The answer to the commit was lost and the target could not be asked.',
    states: ['unknown'],
    cure: 'When the database can be reached again, run the same command: it finds the run finished, or does it.',
  },
  BACKUP_INVALID: {
    exitCode: 4,
    summary: 'A backup is missing, incomplete or damaged.',
    states: ['not-contacted', 'old'],
    cure: 'Choose another backup. They are made before each push that overwrites data, on the machine that pushes.',
  },
  BACKUP_FAILED: {
    exitCode: 1,
    summary: 'No backup could be made, so nothing was changed.',
    states: ['old'],
    cure: 'Make the folder of the backups writable, or push without a backup (`--no-backup`).',
  },
  PACKAGE_MISSING: {
    exitCode: 4,
    summary: 'A package that this command needs is not installed.',
    states: ['not-contacted'],
    cure: 'Install the package with the command that the message shows.',
  },
  INTERNAL: {
    exitCode: 1,
    summary: 'A bug of Overseed.',
    states: ['unknown'],
    cure: 'Please report it, with the command and the message. Running the same command again is safe.',
  },
  INTERRUPTED: {
    exitCode: 130,
    summary: 'Stopped by the user.',
    states: ['old', 'new'],
    cure: 'Run the same command again to go on. Files that are stored already are not sent again.',
  },
} as const satisfies Record<string, CatalogueEntry>;
