/** What a failed child process says when the package registry could not be reached. */
const NETWORK_TROUBLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|UND_ERR_\w+|ERR_PNPM_META_FETCH_FAIL)\b|network (request|connectivity)/;

/** A failure of the set-up that a person can act upon: what happened, and what to do. */
export class SetupFailure extends Error {
  /** @param {string} happened @param {string} remedy */
  constructor(happened, remedy) {
    super(`${happened}\n${remedy}`);
  }
}
SetupFailure.prototype.name = 'SetupFailure';

/**
 * Explains why installing `what` failed, from what the package manager printed.
 * @param {string} what @param {string} output @param {string} [otherRemedy] advice when the network is not to blame
 */
export function installFailure(
  what,
  output,
  otherRemedy = 'The lines above say why. When that is corrected, run the same command again.',
) {
  const networkLine = output.split('\n').find((line) => NETWORK_TROUBLE.test(line));
  if (networkLine !== undefined) {
    return new SetupFailure(
      `  ${networkLine.trim()}\n\nInstalling ${what} failed: the package registry could not be reached.`,
      'Check the network connection (and the proxy or registry in your npm configuration), then run the same\ncommand again. Only the first run needs the network.',
    );
  }
  const tail = output
    .trim()
    .split('\n')
    .slice(-15)
    .map((line) => `  ${line}`)
    .join('\n');
  return new SetupFailure(`${tail}\n\nInstalling ${what} failed.`, otherRemedy);
}
