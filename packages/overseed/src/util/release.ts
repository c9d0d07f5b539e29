/**
 * Gives the memory of `bytes` back at once; nobody may look at them again. Left to the collector, which sees a small
 * object, hundreds of megabytes of such buffers wait.
 */
export function release(bytes: Uint8Array<ArrayBuffer>): void {
  bytes.buffer.transfer(0);
}
