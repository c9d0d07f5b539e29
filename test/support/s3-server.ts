/** SeaweedFS on this machine: a real S3 server, which checks signatures, digests and conditions. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchOver } from '../../packages/local-cloud/src/sqld/watchdog.ts';
import { bucketClient } from '../../packages/overseed/src/assets/s3/request.ts';
import type { S3Bucket } from '../../packages/overseed/src/model/s3-bucket.ts';
import { freePort } from './free-port.ts';

/** Put there by scripts/bootstrap/s3-server.mjs. */
const PROGRAM = path.resolve(import.meta.dirname, '../../.tools/seaweedfs/weed-4.48');
const START_MS = 40_000;

/** False where its program cannot be had; then the tests that need it are skipped, which CI does not accept. */
export const hasS3Server = existsSync(PROGRAM);

export interface S3Server extends AsyncDisposable {
  /** A bucket that everybody may read from, with credentials that may do everything in it. */
  readonly bucket: S3Bucket;
  /** The same with credentials that may only read. */
  readonly readOnly: S3Bucket;
}

export async function startS3Server(): Promise<S3Server> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-s3-'));
  const port = await freePort();
  const bucket = bucketAt(port, { accessKeyId: 'AKOVERSEED', secretAccessKey: 's3cr3t-of-overseed' });
  const readOnly = bucketAt(port, { accessKeyId: 'AKREADER', secretAccessKey: 's3cr3t-of-the-reader' });
  await writeFile(
    path.join(folder, 's3.json'),
    JSON.stringify({
      identities: [
        identity(bucket, ['Admin', 'Read', 'Write', 'List']),
        identity(readOnly, ['Read', 'List']),
      ],
    }),
  );
  const child = await start(folder, port);
  const forget = watchOver(child.pid ?? 0, folder);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    forget();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await prepareBucket(bucket, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { bucket, readOnly, [Symbol.asyncDispose]: stop };
}

async function start(folder: string, s3Port: number): Promise<ChildProcess> {
  // Unless told otherwise, its parts take fixed ports, bind to every address, and one of them reports home.
  const ports: Record<string, number> = { 's3.port': s3Port };
  for (const name of ['s3.port.grpc', 'master.port', 'master.port.grpc', 'volume.port', 'volume.port.grpc']) {
    ports[name] = await freePort();
  }
  for (const name of ['filer.port', 'filer.port.grpc']) ports[name] = await freePort();
  const options: Record<string, string | number> = {
    ...ports,
    dir: folder,
    ip: '127.0.0.1',
    'ip.bind': '127.0.0.1',
    filer: 'true',
    'filer.localSocket': path.join(folder, 'filer.sock'),
    's3.localSocket': path.join(folder, 's3.sock'),
    s3: 'true',
    's3.config': path.join(folder, 's3.json'),
    's3.iam': 'false',
    's3.autoCreateBucket': 'false',
    's3.port.iceberg': 0,
    's3.port.lance': 0,
    'master.telemetry': 'false',
    'master.volumeSizeLimitMB': 64,
    'volume.max': 50,
  };
  const flags = Object.entries(options).map(([name, value]) => `-${name}=${value}`);
  return spawn(PROGRAM, ['-logtostderr=true', 'server', ...flags], {
    stdio: 'ignore',
    // Settings of the person who runs the tests must not reach it.
    env: { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder },
    detached: true,
  });
}

/** Makes the bucket, lets everybody read from it, and waits until it takes files. */
async function prepareBucket(bucket: S3Bucket, child: ChildProcess): Promise<void> {
  const { send } = bucketClient(bucket);
  const never = new AbortController().signal;
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: ['s3:GetObject'],
        Resource: [`arn:aws:s3:::${bucket.bucket}/*`],
      },
    ],
  });
  const deadline = Date.now() + START_MS;
  for (;;) {
    try {
      await send({ method: 'PUT', action: 's3:CreateBucket', expected: [409] }, never);
      await send(
        { method: 'PUT', action: 's3:PutBucketPolicy', query: { policy: '' }, ...text(policy) },
        never,
      );
      await send({ method: 'PUT', action: 's3:PutObject', key: 'probe', ...text('probe') }, never);
      await send({ method: 'DELETE', action: 's3:DeleteObject', key: 'probe' }, never);
      return;
    } catch (error) {
      if (child.exitCode !== null) throw new Error(`SeaweedFS ended with exit code ${child.exitCode}`);
      if (Date.now() > deadline) throw new Error('SeaweedFS was not ready in time', { cause: error });
      await sleep(100);
    }
  }
}

const text = (body: string) => ({ body, sha256: createHash('sha256').update(body).digest('hex') });

function bucketAt(port: number, key: Pick<S3Bucket, 'accessKeyId' | 'secretAccessKey'>): S3Bucket {
  return {
    ...key,
    bucket: 'media',
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    pathStyle: true,
    publicBaseUrl: undefined,
    sessionToken: undefined,
    variables: 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  };
}

const identity = ({ accessKeyId, secretAccessKey }: S3Bucket, actions: readonly string[]) => ({
  name: accessKeyId,
  credentials: [{ accessKey: accessKeyId, secretKey: secretAccessKey }],
  actions,
});
