/** A report takes the place of an earlier report and of nothing else. */
import { messageOf, OverseedError, type TargetState } from '../model/error.ts';
import { CannotReplace, replaceFile, requireReplaceable } from '../util/replace-file.ts';

const A_REPORT = { name: 'a report of Overseed', begins: /^<!doctype html>\s*<!-- overseed-report / };

/** Looked at before the work begins. @throws REPORT_NOT_WRITTEN when there could be no report afterwards */
export function requirePlaceForReport(file: string): Promise<void> {
  return requirePlace(file, 'not-contacted');
}

/**
 * @param makePage whatever it throws, the run has ended before
 * @param state of the target, for the message
 * @throws REPORT_NOT_WRITTEN
 */
export async function writeReport(
  file: string,
  makePage: () => Promise<string>,
  state: TargetState,
): Promise<void> {
  await requirePlace(file, state);
  try {
    const page = await makePage();
    await replaceFile(file, (handle) => handle.appendFile(page));
  } catch (cause) {
    throw notWritten(`The report cannot be written to ${file}: ${messageOf(cause)}.`, state, cause);
  }
}

async function requirePlace(file: string, state: TargetState): Promise<void> {
  try {
    await requireReplaceable(file, A_REPORT);
  } catch (cause) {
    if (!(cause instanceof CannotReplace)) throw cause;
    throw notWritten(cause.message, state, cause.cause);
  }
}

function notWritten(what: string, state: TargetState, cause: unknown): OverseedError {
  const next = 'Name another file with --report.';
  return new OverseedError('REPORT_NOT_WRITTEN', { what, state, next, cause });
}
