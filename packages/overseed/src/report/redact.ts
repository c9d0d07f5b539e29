/**
 * Keeps secrets out of a report. A report is sent to colleagues and kept as an artefact of CI, so it is stricter than a
 * terminal: what only looks like a secret is hidden, too.
 */

const HIDDEN = '[hidden]';

/** `https://user:password@host`, and parameters of URLs whose names say what they hold. */
const CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"'<>]+@/gi;
const PARAMETERS =
  /([?&;](?:[\w.-]*(?:token|secret|signature|password|passwd|credential|api[_-]?key|jwt|auth)[\w.-]*|sig|key)=)[^&\s"'<>]+/gi;
const JSON_WEB_TOKEN = /\beyJ[\w-]{6,}\.[\w-]+\.[\w-]*/g;

/** Columns that are named so hold what nobody else should read. */
const SECRET_COLUMN =
  /passw|passwd|pwd|passphrase|secret|token|api[_-]?key|private[_-]?key|credential|salt$|otp$/i;

/** Names of variables that hold secrets. */
const SECRET_VARIABLE = /TOKEN|SECRET|PASSW|(?:API|ACCESS|PRIVATE)_?KEY|CREDENTIAL|_URL$/i;
/** Shorter ones would be found in ordinary words. */
const MIN_SECRET = 8;

export type Redact = (text: string) => string;

/** @param secrets texts that must not appear anywhere */
export function redactor(secrets: readonly string[]): Redact {
  // The longest first: one may be the beginning of another.
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= MIN_SECRET)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, HIDDEN);
    return clean
      .replace(CREDENTIALS, `$1${HIDDEN}@`)
      .replace(PARAMETERS, `$1${HIDDEN}`)
      .replace(JSON_WEB_TOKEN, HIDDEN);
  };
}

export function isSecretColumn(name: string): boolean {
  return SECRET_COLUMN.test(name);
}

/** The values of variables that hold secrets; of an URL only what stands before its host. */
export function secretsAmong(variables: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => {
    if (value === undefined || !SECRET_VARIABLE.test(name)) return [];
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return [value];
    const [, account = ''] = /^[^/]*\/\/([^/?#]*)@/.exec(value) ?? [];
    return account.split(':').slice(1);
  });
}
