/** Listens to a run, and remembers what a report tells of it. Memory does not grow with the run. */
import type { Event, Stage } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import { assertNever } from '../../util/assert-never.ts';
import type { Listed, StageSpan, UploadRecord } from '../facts.ts';
import { UploadRecorder } from './record-uploads.ts';

const WARNINGS = 100;
/** A run that plans again has some stages twice; a target that keeps moving is given up. */
const SPANS = 60;

export class RunRecorder {
  readonly #start = performance.now();
  readonly #open = new Map<Stage, number>();
  readonly #spans: StageSpan[] = [];
  readonly #uploads = new UploadRecorder();
  readonly #warnings: string[] = [];
  #warningCount = 0;
  #outcome: Outcome | undefined;

  hear(event: Event): void {
    const now = this.ms();
    switch (event.kind) {
      case 'stage-started':
        this.#open.set(event.stage, now);
        return;
      case 'stage-finished':
        this.#finish(event.stage, now, event.detail);
        return;
      case 'file-stored':
      case 'upload-retried':
      case 'store-waiting':
        this.#uploads.hear(event, now);
        return;
      case 'warning':
        if (this.#warningCount++ < WARNINGS) this.#warnings.push(event.message);
        return;
      case 'run-finished':
        this.#outcome = event.outcome;
        return;
      case 'run-started':
      case 'stage-progress':
      case 'plan-made':
      case 'plan-saved':
      case 'report-written':
      case 'prune-planned':
      case 'prune-finished':
        return;
      default:
        assertNever(event);
    }
  }

  #finish(stage: Stage, endMs: number, detail: string | undefined): void {
    const startMs = this.#open.get(stage) ?? endMs;
    this.#open.delete(stage);
    if (this.#spans.length < SPANS) this.#spans.push({ stage, startMs, endMs, detail });
  }

  /** Since the run began. */
  ms(): number {
    return performance.now() - this.#start;
  }

  /** What was heard so far; a stage that has not ended ends now. */
  heard() {
    for (const stage of [...this.#open.keys()]) this.#finish(stage, this.ms(), undefined);
    return {
      outcome: this.#outcome,
      stages: this.#spans.toSorted((a, b) => a.startMs - b.startMs) as readonly StageSpan[],
      uploads: this.#uploads.record() as UploadRecord,
      warnings: { items: this.#warnings, total: this.#warningCount } as Listed<string>,
    };
  }
}
