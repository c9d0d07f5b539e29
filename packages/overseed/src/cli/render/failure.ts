/** An error as its last words: what happened, what state the target is in, what to do. Never a stack of ours. */
import { messageOf, OverseedError } from '../../model/error.ts';
import { annotation } from './github.ts';
import { painter } from './paint.ts';
import { wrapText } from './wrap-text.ts';

/** Both errors when a clean-up failed on top of the first failure; the first comes first. */
export function unwrap(error: unknown): OverseedError {
  const first = isSuppressed(error) ? error.suppressed : error;
  if (first instanceof OverseedError) return first;
  if (first instanceof Error && first.name === 'AbortError') return interrupted();
  return new OverseedError('INTERNAL', {
    what: `Something unexpected went wrong: ${messageOf(first)}.`,
    state: 'unknown',
    next: 'Please report this, with the command and this message. Running the same command again is safe.',
    cause: first,
  });
}

/** By its shape: Node 22 has no such class, so the compiler brings one of its own. */
function isSuppressed(error: unknown): error is Error & { suppressed: unknown } {
  return error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error;
}

export function interrupted(): OverseedError {
  return new OverseedError('INTERRUPTED', {
    what: 'Stopped before anything was applied.',
    state: 'old',
    next: 'Run the same command again to do it. Files that are stored already are not sent again.',
  });
}

export function failureText(
  error: OverseedError,
  { color, width }: { color: boolean; width: number },
): string {
  const lines = error.message.split('\n').flatMap((line) => wrapText(line, width - 2));
  const [first = '', ...rest] = lines;
  const indented = rest.map((line) => `  ${line}\n`).join('');
  return `\n${painter(color)('red', '✘')} ${first}\n${indented}  (${error.code})\n`;
}

export function failureAnnotation({ code, message }: OverseedError): string {
  return `${annotation('error', `Overseed: ${code}`, message)}\n`;
}
