/** The bytes of a file, as far as somebody wants to see them: a small one from memory, a large one from the disk. */
import { readSync } from 'node:fs';

export interface FileBytes {
  readonly sizeBytes: number;
  /** Up to `length` bytes from `offset` on; fewer at the end. Good until the next call. */
  read(offset: number, length: number): Buffer;
  /** Offset of the first `needle` at `from` or later, or -1. */
  indexOf(needle: Buffer, from: number): number;
}

export function bytesInMemory(bytes: Buffer): FileBytes {
  return {
    sizeBytes: bytes.byteLength,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    indexOf: (needle, from) => bytes.indexOf(needle, from),
  };
}

/** Bytes looked through at a time. */
const WINDOW_BYTES = 1 << 20;

export function bytesOnDisk(descriptor: number, sizeBytes: number): FileBytes {
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, sizeBytes - offset)));
    let filled = 0;
    while (filled < bytes.byteLength) {
      const count = readSync(descriptor, bytes, filled, bytes.byteLength - filled, offset + filled);
      if (count === 0) break; // Shorter than it was; whoever hashed it noticed.
      filled += count;
    }
    return bytes.subarray(0, filled);
  };
  return {
    sizeBytes,
    read,
    indexOf(needle, from) {
      // Windows overlap, so that a needle across their border is found.
      for (let offset = from; offset < sizeBytes; offset += WINDOW_BYTES) {
        const found = read(offset, WINDOW_BYTES + needle.byteLength - 1).indexOf(needle);
        if (found !== -1) return offset + found;
      }
      return -1;
    },
  };
}
