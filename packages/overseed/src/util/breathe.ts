import { setImmediate } from 'node:timers/promises';

/** Longest time to work without letting anything else run, in ms: Ctrl-C and progress want an answer. */
const BREATH_MS = 40;

/** Returns a function to await in a long loop: most calls cost nothing, one now and then lets the event loop turn. */
export function breather(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < BREATH_MS) return undefined;
    return setImmediate().then(() => {
      last = performance.now();
    });
  };
}
