/** Lines for the log of the job, with annotations where something is wrong. */

const escapeData = (text) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** On one line, which no name in the data can turn into two. */
export const oneLine = (text) => String(text).replaceAll(/\s+/g, ' ');

export const error = (title, message) => `::error title=${escapeProperty(title)}::${escapeData(message)}`;
const warning = (message) => `::warning title=Overseed::${escapeData(message)}`;

/** @returns {string[]} none for events that a log is better without */
export function logLine(event) {
  // Every line begins with words of ours: the runner would obey one that begins with "::".
  switch (event.kind) {
    case 'run-started':
      return [oneLine(`Overseed  ${event.source} → ${event.targetName ?? ''} (${event.target})`)];
    case 'stage-finished':
      return [oneLine(`  ✔ ${event.stage}  ${event.detail}`)];
    case 'plan-saved':
      return [oneLine(`  plan saved in ${event.file}`)];
    case 'finding':
      return [
        oneLine(`  ${event.status === 'ok' ? '✔' : '✘'} ${event.subject}  ${event.detail}`),
        ...(event.status === 'ok'
          ? []
          : [error(oneLine(event.subject), `${event.detail}\n${event.cure ?? ''}`)]),
      ];
    case 'warning':
      return [warning(event.message)];
    case 'run-finished':
      return [oneLine(`  ${event.outcome.status}`)];
    case 'run-failed':
      return [error(`Overseed: ${event.code}`, `${event.what}\n${event.next}`)];
    default:
      return [];
  }
}
