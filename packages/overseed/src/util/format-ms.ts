import { formatDuration } from './format.ts';

/** `84 ms`, `1.2 s`, `3:05 min` */
export function formatMs(ms: number): string {
  return ms < 999.5 ? `${Math.round(ms)} ms` : formatDuration(ms);
}
