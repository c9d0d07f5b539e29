/** Uploads by time, in bounded memory: when there are too many slices, each becomes twice as long. */
import type { UploadSlice } from '../facts.ts';

const SLICES = 120;
/** The first width, in ms. */
const WIDTH_MS = 5;

interface Slice {
  files: number;
  bytes: number;
  atOnce: number;
  sumMs: number;
  retries: number;
}

export class TimeSlices {
  #slices: Slice[] = [];
  #widthMs = WIDTH_MS;
  #startMs: number | undefined;

  /** @param startMs when it began: the slices begin with the first */
  stored(upload: { startMs: number; endMs: number; bytes: number; atOnce: number }): void {
    const slice = this.#at(upload.endMs, upload.startMs);
    slice.files++;
    slice.bytes += upload.bytes;
    slice.sumMs += upload.endMs - upload.startMs;
    slice.atOnce = Math.max(slice.atOnce, upload.atOnce);
  }

  retried(atMs: number): void {
    this.#at(atMs, atMs).retries++;
  }

  #at(ms: number, startMs: number): Slice {
    this.#startMs ??= startMs;
    let index = this.#indexOf(ms, this.#startMs);
    while (index >= SLICES) {
      this.#halve();
      index = this.#indexOf(ms, this.#startMs);
    }
    while (this.#slices.length <= index) this.#slices.push(emptySlice());
    return this.#slices[index] as Slice;
  }

  #indexOf(ms: number, startMs: number): number {
    return Math.max(0, Math.floor((ms - startMs) / this.#widthMs));
  }

  #halve(): void {
    this.#widthMs *= 2;
    const wider: Slice[] = [];
    for (let index = 0; index < this.#slices.length; index += 2)
      wider.push(joined(this.#slices[index] as Slice, this.#slices[index + 1] ?? emptySlice()));
    this.#slices = wider;
  }

  list(): UploadSlice[] {
    const first = this.#startMs ?? 0;
    return this.#slices.map(({ files, bytes, atOnce, sumMs, retries }, index) => ({
      startMs: first + index * this.#widthMs,
      endMs: first + (index + 1) * this.#widthMs,
      files,
      bytes,
      atOnce,
      meanMs: files === 0 ? 0 : sumMs / files,
      retries,
    }));
  }
}

function emptySlice(): Slice {
  return { files: 0, bytes: 0, atOnce: 0, sumMs: 0, retries: 0 };
}

function joined(first: Slice, second: Slice): Slice {
  return {
    files: first.files + second.files,
    bytes: first.bytes + second.bytes,
    atOnce: Math.max(first.atOnce, second.atOnce),
    sumMs: first.sumMs + second.sumMs,
    retries: first.retries + second.retries,
  };
}
