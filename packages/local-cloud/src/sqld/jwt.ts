/**
 * Database tokens as sqld reads them: a JWT signed with Ed25519, whose claim `a` says what the bearer may do. sqld
 * 0.24.32 takes a token without `a` as read-write and one without `exp` as valid for ever (checked on the running
 * server by `sqld.test.ts`).
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

export interface TokenClaims {
  /** `rw` reads and writes, `ro` only reads. */
  readonly a?: 'rw' | 'ro';
  /** Unix seconds. */
  readonly exp?: number;
  readonly [claim: string]: unknown;
}

export interface TokenSigner {
  /** What `--auth-jwt-key-file` wants: the public key as PEM (SPKI). */
  readonly publicKeyPem: string;
  sign(claims: TokenClaims): string;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A new Ed25519 private key as PEM (PKCS #8). */
export function createSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function createTokenSigner(privateKeyPem: string): TokenSigner {
  const privateKey = createPrivateKey(privateKeyPem);
  return {
    publicKeyPem: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    sign(claims) {
      const signed = `${encode({ alg: 'EdDSA', typ: 'JWT' })}.${encode(claims)}`;
      return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
    },
  };
}
