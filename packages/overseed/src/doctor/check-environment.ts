/** Every variable that a site needs, at once: set, missing or malformed. Values are never shown. */
import type { Environment } from '../config/environment.ts';
import { type S3Options, s3Variables } from '../config/s3.ts';
import { type Finding, ok, problem } from './finding.ts';

interface Variable {
  readonly name: string;
  /** Other names that do as well. */
  readonly alternatives?: readonly string[];
  readonly wellFormed: RegExp;
  readonly shape: string;
}

const DATABASE: readonly Variable[] = [
  {
    name: 'ASTRO_DB_REMOTE_URL',
    alternatives: ['TURSO_DATABASE_URL'],
    wellFormed: /^(libsql|https?|wss?):\/\/[^\s/]+/,
    shape: 'libsql://name-organisation.turso.io',
  },
  {
    name: 'ASTRO_DB_APP_TOKEN',
    alternatives: ['TURSO_AUTH_TOKEN'],
    wellFormed: /^[\w-]+\.[\w-]+\.[\w-]+$/,
    shape: 'three parts joined by dots (a JWT)',
  },
];

const CLOUDINARY: readonly Variable[] = [
  { name: 'CLOUDINARY_CLOUD_NAME', wellFormed: /^[\w-]+$/, shape: 'letters, digits, - and _' },
  { name: 'CLOUDINARY_API_KEY', wellFormed: /^\w+$/, shape: 'letters and digits' },
  { name: 'CLOUDINARY_API_SECRET', wellFormed: /^[\w-]+$/, shape: 'letters, digits, - and _' },
];

export interface Needs {
  readonly database: boolean;
  readonly cloudinary: boolean;
  /** What the seed says of its bucket, or `true` when all of it is in the environment. */
  readonly s3?: S3Options | boolean;
}

export function checkEnvironment(environment: Environment, needs: Needs): Finding[] {
  const findings: Finding[] = [];
  if (needs.database) findings.push(...DATABASE.map((variable) => checkVariable(variable, environment)));
  if (needs.cloudinary) {
    const url = environment.get('CLOUDINARY_URL');
    const parts = CLOUDINARY.some(({ name }) => environment.get(name) !== undefined);
    const whole = {
      name: 'CLOUDINARY_URL',
      wellFormed: /^cloudinary:\/\/[^:@/]+:[^:@/]+@[\w-]+/,
      shape: 'cloudinary://KEY:SECRET@CLOUD',
    };
    findings.push(
      ...(url !== undefined && !parts ? [whole] : CLOUDINARY).map((variable) =>
        checkVariable(variable, environment),
      ),
    );
  }
  if (needs.s3) {
    const options = needs.s3 === true ? {} : needs.s3;
    findings.push(...s3Needs(options).map((variable) => checkVariable(variable, environment)));
  }
  return findings;
}

function s3Needs(options: S3Options): Variable[] {
  const { accessKeyId, secretAccessKey } = s3Variables(options);
  const bucket: Variable = {
    name: 'S3_BUCKET',
    wellFormed: /^[\w.-]+$/,
    shape: 'the name of the bucket alone',
  };
  return [
    ...(options.bucket === undefined ? [bucket] : []),
    { name: accessKeyId, wellFormed: /^\S+$/, shape: 'no spaces in it' },
    { name: secretAccessKey, wellFormed: /^\S{8,}$/, shape: 'eight or more characters without spaces' },
  ];
}

function checkVariable(
  { name, alternatives = [], wellFormed, shape }: Variable,
  environment: Environment,
): Finding {
  const used = [name, ...alternatives].find((candidate) => environment.get(candidate) !== undefined);
  const names = [name, ...alternatives].join(' or ');
  if (used === undefined) return problem(name, 'is not set', `Set ${names} in ${environment.places}.`);
  if (wellFormed.test(environment.get(used) ?? ''))
    return ok(name, used === name ? 'is set' : `is set as ${used}`);
  return problem(used, 'is malformed', `It must look like this: ${shape}.`);
}
