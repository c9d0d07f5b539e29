/** The database half: the real libSQL server on a loopback port, with tokens, restarts and crashes on demand. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataFolder } from '../util/data-folder.ts';
import { findFreePort } from '../util/free-port.ts';
import { findBinary, makeExecutable } from './find-binary.ts';
import { createSigningKey, createTokenSigner, type TokenClaims } from './jwt.ts';
import { launch, PortTakenError, type ServerProcess } from './server-process.ts';

export interface SqldOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Kept when given; otherwise a temporary folder that goes with the server. */
  readonly dataDir?: string;
  /** Whether a token is demanded. Default true. */
  readonly auth?: boolean;
  /** Ed25519 private key (PEM, PKCS #8) to sign tokens with. Default: a new one. */
  readonly signingKey?: string;
  /** More arguments for sqld, such as `['--max-concurrent-requests', '4']`. */
  readonly extraArgs?: readonly string[];
  /** Default 20 000. */
  readonly startTimeoutMs?: number;
}

export interface Sqld extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Of the server that runs now, or ran last. */
  readonly pid: number;
  readonly dataDir: string;
  /** Reads and writes, for ten years. Empty when `auth` is off. */
  readonly token: string;
  /** Only reads. Empty when `auth` is off. */
  readonly readOnlyToken: string;
  /** A token with exactly these claims, such as an expired one. Needs `auth`. */
  signToken(claims: TokenClaims): string;
  /** Ends the server in good order; throws away a temporary data folder. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves when the server ends although nobody asked it to; the error holds the end of its log. */
  readonly died: Promise<Error>;
  /** SIGKILL, for crash tests. The data folder stays; `restart` brings the server back. */
  kill(): Promise<void>;
  /** Starts again with the same port, data and key, after ending a server that still runs. */
  restart(): Promise<void>;
}

const PORT_ATTEMPTS = 5;
const TOKEN_SECONDS = 10 * 365 * 24 * 3600;

export async function startSqld(options: SqldOptions = {}): Promise<Sqld> {
  const { auth = true, extraArgs = [], startTimeoutMs = 20_000 } = options;
  const installed = findBinary();
  const scratch = await openDataFolder(undefined, 'local-cloud-sqld');
  const data = await openDataFolder(options.dataDir ?? join(scratch.path, 'data'));
  const binary = makeExecutable(installed, scratch.path);
  const signer = auth ? createTokenSigner(options.signingKey ?? createSigningKey()) : undefined;

  async function run(port: number): Promise<ServerProcess> {
    const args = ['--db-path', data.path, '--http-listen-addr', `127.0.0.1:${port}`, '--no-welcome'];
    if (signer) {
      const keyFile = join(scratch.path, 'jwt-public-key.pem');
      await writeFile(keyFile, signer.publicKeyPem, { mode: 0o600 });
      args.push('--auth-jwt-key-file', keyFile);
    }
    return launch({
      binary,
      args: [...args, ...extraArgs],
      port,
      startTimeoutMs,
      temporaryFolder: scratch.path,
    });
  }

  async function runOnFreePort(): Promise<{ port: number; server: ServerProcess }> {
    for (let attempt = 1; ; attempt++) {
      const port = options.port ?? (await findFreePort());
      try {
        return { port, server: await run(port) };
      } catch (error) {
        const tryAgain =
          error instanceof PortTakenError && options.port === undefined && attempt < PORT_ATTEMPTS;
        if (!tryAgain) throw error;
      }
    }
  }

  const started = await runOnFreePort().catch(async (error: unknown) => {
    await scratch.discard();
    throw error;
  });
  const { port } = started;
  let { server } = started;
  let reportDeath: (error: Error) => void = () => {};
  const died = new Promise<Error>((resolve) => {
    reportDeath = resolve;
  });
  void server.died.then(reportDeath);
  let stopped = false;
  const tokenFor = (access: 'rw' | 'ro') =>
    signer?.sign({ a: access, exp: Math.floor(Date.now() / 1000) + TOKEN_SECONDS }) ?? '';

  const sqld: Sqld = {
    url: `http://127.0.0.1:${port}`,
    port,
    get pid() {
      return server.pid;
    },
    dataDir: data.path,
    token: tokenFor('rw'),
    readOnlyToken: tokenFor('ro'),
    signToken(claims) {
      if (!signer)
        throw new Error('This server was started with auth: false, so it has no key to sign with.');
      return signer.sign(claims);
    },
    async stop() {
      stopped = true;
      await server.end('SIGTERM');
      await scratch.discard();
    },
    died,
    kill: () => server.end('SIGKILL'),
    async restart() {
      if (stopped) throw new Error('This server was stopped and its folders are gone: start a new one.');
      await server.end('SIGTERM');
      server = await run(port);
      void server.died.then(reportDeath);
    },
    [Symbol.asyncDispose]: () => sqld.stop(),
  };
  return sqld;
}
