/** `--report FILE`: the work is the same, and afterwards there is a page about it, also when it failed. */

import type { Finding } from '../doctor/finding.ts';
import { messageOf } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import type { Place } from '../project.ts';
import type { Parts } from '../push.ts';
import { secretsAmong } from '../report/redact.ts';
import { Report } from '../report/report.ts';
import { requirePlaceForReport } from '../report/write-report.ts';
import { type TargetWork, textsOf } from './on-targets.ts';
import { unwrap } from './render/failure.ts';

/** Who looks over the shoulder of the work; nobody, without a report. */
export interface Watcher {
  watch(parts: Parts): Parts;
  checked(findings: readonly Finding[]): void;
}

type WatchedWork = (place: Place, run: Run, watcher: Watcher) => Promise<number>;

const NOBODY: Watcher = { watch: (parts) => parts, checked: () => undefined };

/** @param file where the report goes; undefined writes none. @throws REPORT_NOT_WRITTEN before the work begins, or after it */
export function withReport(file: string | undefined, command: string, work: WatchedWork): TargetWork {
  if (file === undefined) return (place, run) => work(place, run, NOBODY);
  return async (place, run) => {
    await requirePlaceForReport(file);
    const { name, isProtected } = place.target;
    const report = new Report({
      file,
      command: `${command} ${name}`,
      targetName: name,
      undoCommand: textsOf(name, isProtected).undoCommand(),
      secrets: secretsAmong(place.environment.variables),
    });
    const watched = report.listen(run);
    try {
      const exitCode = await work(place, watched, {
        watch(parts) {
          const { source, target, assetStore, assetColumns } = parts;
          report.isAbout({ source: source.label, target: target.label, store: assetStore.label });
          return { ...parts, onCompared: (compared) => report.compared(compared, assetStore, assetColumns) };
        },
        checked: (findings) => report.checked(findings),
      });
      await report.write({ exitCode }, watched);
      return exitCode;
    } catch (error) {
      await writeAnyway(report, error, watched);
      throw error;
    }
  };
}

/** The failure itself is what counts; a report that cannot be written is only mentioned. */
async function writeAnyway(report: Report, error: unknown, run: Run): Promise<void> {
  const failure = unwrap(error);
  if (failure.code === 'REPORT_NOT_WRITTEN') return;
  try {
    await report.write({ failure }, run);
  } catch (trouble) {
    run.emit({ kind: 'warning', message: messageOf(trouble) });
  }
}
