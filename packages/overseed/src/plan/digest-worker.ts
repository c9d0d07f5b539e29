/** Runs in a thread of its own: reading every row of a large file takes seconds, during which Ctrl-C wants an answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { type DigestTask, digestRows } from './digest-rows.ts';

parentPort?.postMessage(digestRows(workerData as DigestTask));
