/** The variables of one target: which are set, and where. Values are never shown. */
import type { Environment } from '../config/environment.ts';
import type { S3Options } from '../config/s3.ts';
import { checkEnvironment } from './check-environment.ts';
import { type Finding, ok, problem } from './finding.ts';

export interface NeededVariables {
  /** Name of the variable with the address; undefined when the configuration holds it. */
  readonly url: string | undefined;
  /** Undefined for a file, which needs none. */
  readonly token: string | undefined;
  readonly cloudinary: boolean;
  /** Undefined when the store is another one. */
  readonly s3: S3Options | undefined;
}

export function checkVariables(environment: Environment, needed: NeededVariables): Finding[] {
  const findings: Finding[] = [];
  if (needed.url !== undefined) findings.push(checkAddress(needed.url, environment));
  if (needed.token !== undefined) findings.push(checkToken(needed.token, environment));
  const { cloudinary, s3 } = needed;
  findings.push(...checkEnvironment(environment, { database: false, cloudinary, ...(s3 && { s3 }) }));
  return findings;
}

function checkAddress(name: string, environment: Environment): Finding {
  const origin = environment.originOf(name);
  if (origin === undefined)
    return problem(
      name,
      `is not set in ${environment.places}`,
      'Set it: it holds the address of the database.',
    );
  if (!environment.isOverridden(name)) return ok(name, `from ${origin}`);
  return problem(
    name,
    'is set in the environment, and otherwise in an env file; the environment wins',
    'Make sure that this is the database you mean, or unset the variable.',
  );
}

/** A server of one's own may want none, and whether this one does is found out by asking it. */
function checkToken(name: string, environment: Environment): Finding {
  const origin = environment.originOf(name);
  return ok(
    name,
    origin === undefined ? 'is not set, which a server without tokens does not mind' : `from ${origin}`,
  );
}
