/** What a refused token says about itself. It is read only to explain a refusal: the server alone judges it. */
import { OverseedError } from '../../model/error.ts';
import type { HranaAddress } from './address.ts';

interface Claims {
  /** Unix seconds. */
  readonly exp?: unknown;
  /** `ro` may only read. */
  readonly a?: unknown;
}

/** @param text what the server said */
export function refusedToken(address: HranaAddress, status: number, text: string): OverseedError {
  const { label, token, tokenVariable: variable } = address;
  const said = `HTTP ${status}${text ? `: ${text}` : ''}`;
  const refusal = (what: string, next: string) =>
    new OverseedError('TARGET_AUTH', { what, state: 'old', next });
  if (!token) {
    return refusal(
      `${label} asks for a token (HTTP ${status}), and none is set.`,
      `Set ${variable} to a token of this very database that is allowed to write.`,
    );
  }
  const { exp, a } = claimsOf(token);
  if (typeof exp === 'number' && exp * 1_000 < Date.now()) {
    return refusal(
      `${label} refused the token: it expired on ${new Date(exp * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
      `Make a new one that is allowed to write, and set ${variable} to it.`,
    );
  }
  if (status === 403 && (a === 'ro' || /\bwrite\b/i.test(text))) {
    return refusal(
      `The token may read ${label}, but not write to it (${said}).`,
      `Set ${variable} to a token that is allowed to write. A dry run works with this one.`,
    );
  }
  return refusal(
    `${label} refused the token (${said}).`,
    `Check ${variable}: it must hold a token of this very database that is allowed to write and has not expired.`,
  );
}

/** Nothing when it is not a JWT, or its claims are not to be read. */
function claimsOf(token: string): Claims {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    // Not a token that says something about itself: the server's own words are all there is.
    return {};
  }
}
