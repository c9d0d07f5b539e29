/** What uploads tell of themselves, in bounded memory however many there are. */
import type { Event } from '../../model/event.ts';
import type { UploadRecord } from '../facts.ts';
import { Latencies } from './latencies.ts';
import { Thinned } from './thinned.ts';
import { TimeSlices } from './time-slices.ts';

const DOTS = 400;
const PAUSES = 20;

type UploadEvent = Event & { kind: 'file-stored' | 'upload-retried' | 'store-waiting' };

export class UploadRecorder {
  readonly #latencies = new Latencies();
  readonly #dots = new Thinned<{ atMs: number; ms: number }>(DOTS);
  readonly #slices = new TimeSlices();
  readonly #pauses: string[] = [];
  readonly #sum = { files: 0, alreadyThere: 0, bytes: 0, retries: 0 };

  /** @param atMs since the run began */
  hear(event: UploadEvent, atMs: number): void {
    if (event.kind === 'store-waiting') {
      if (this.#pauses.length < PAUSES) this.#pauses.push(event.reason);
      return;
    }
    if (event.kind === 'upload-retried') {
      this.#sum.retries++;
      this.#slices.retried(atMs);
      return;
    }
    const { ms, bytes, atOnce, result } = event;
    if (result === 'already-there') this.#sum.alreadyThere++;
    else {
      this.#sum.files++;
      this.#sum.bytes += bytes;
    }
    this.#latencies.add(ms);
    this.#dots.add({ atMs, ms });
    this.#slices.stored({ startMs: atMs - ms, endMs: atMs, bytes, atOnce });
  }

  record(): UploadRecord {
    return {
      ...this.#sum,
      latency: this.#latencies.summary(),
      slices: this.#slices.list(),
      dots: this.#dots.items,
      pauses: this.#pauses,
    };
  }
}
