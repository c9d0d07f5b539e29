/** Events as JSON, one a line, for programs. */
import type { Emit } from '../../model/event.ts';

export function jsonRenderer(write: (text: string) => void): Emit {
  return (event) => write(`${JSON.stringify({ formatVersion: 1, ...event })}\n`);
}
