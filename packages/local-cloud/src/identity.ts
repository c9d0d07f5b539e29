/**
 * What makes a kept data folder the same place again: ports, keys and secrets. Rows in its database hold URLs with its
 * port, and env files hold its token, so both must stay true after a restart.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Identity {
  readonly database: { readonly port: number; readonly signingKey: string };
  readonly cloudinary: { readonly port: number; readonly apiKey: string; readonly apiSecret: string };
}

const fileIn = (dataDir: string) => join(dataDir, 'local-cloud.json');

/** @throws Error when the file is there and unreadable */
export function recallIdentity(dataDir: string): Identity | undefined {
  const file = fileIn(dataDir);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Identity;
  } catch (cause) {
    throw new Error(`${file} is damaged. Delete it to get new ports and keys; the data stay.`, { cause });
  }
}

export function keepIdentity(dataDir: string, identity: Identity): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${fileIn(dataDir)}.new`, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${fileIn(dataDir)}.new`, fileIn(dataDir));
}
