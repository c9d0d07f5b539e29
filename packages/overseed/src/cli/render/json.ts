/** Events as JSON, one a line, for programs. */
import type { OverseedError } from '../../model/error.ts';
import type { Emit } from '../../model/event.ts';
import type { JsonKind } from '../json-events.ts';

/** @param targetName of the configuration, said in every event */
export function jsonRenderer(write: (text: string) => void, targetName?: string): Emit {
  return (event) => write(jsonLine(event, targetName));
}

export function failureLine(error: OverseedError, targetName?: string): string {
  const { code, what, state, next, exitCode } = error;
  return jsonLine({ kind: 'run-failed', ...{ code, what, state, next, exitCode } }, targetName);
}

export function jsonLine(
  event: { readonly kind: JsonKind; readonly [key: string]: unknown },
  targetName?: string,
): string {
  return `${JSON.stringify({ formatVersion: 1, ...event, ...(targetName !== undefined && { targetName }) })}\n`;
}
