/** Asking a person. Whatever is not a clear answer is none: Escape, end of input, Ctrl-C, and nobody there. */
import { createInterface } from 'node:readline/promises';

export interface Terminal {
  /** Whether somebody can read a question and answer it. */
  readonly isInteractive: boolean;
  /** The line that was typed; undefined when there was none. @throws the signal's reason on Ctrl-C */
  ask(question: string, signal: AbortSignal): Promise<string | undefined>;
}

const ESCAPE = '\u001b';

/** How long a person was waited for in this process, in ms: no work took that long. */
let waitedMs = 0;

export function msWaited(): number {
  return waitedMs;
}

export function openTerminal(
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WriteStream = process.stdout,
): Terminal {
  return {
    isInteractive: input.isTTY === true && output.isTTY === true && process.env.TERM !== 'dumb',
    async ask(question, signal) {
      const reader = createInterface({ input, output, terminal: true });
      const closed = new AbortController();
      const askedAt = performance.now();
      // On a terminal in raw mode, Ctrl-C arrives here and not as a signal of the process.
      reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      reader.on('close', () => closed.abort());
      const onKey = (_: unknown, key: { name?: string; sequence?: string } | undefined) => {
        if (key?.name === 'escape' && key.sequence === ESCAPE) reader.close();
      };
      input.on('keypress', onKey);
      try {
        return await reader.question(question, { signal: AbortSignal.any([signal, closed.signal]) });
      } catch {
        // Ctrl-C throws its reason; the end of the input and Escape are an answer: none.
        signal.throwIfAborted();
        output.write('\n');
        return undefined;
      } finally {
        waitedMs += performance.now() - askedAt;
        input.off('keypress', onKey);
        reader.close();
      }
    },
  };
}
