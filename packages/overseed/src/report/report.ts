/** The report of one run: listens while it is at work, looks at what it found, and writes the page when it has ended. */
import type { AssetStore } from '../assets/asset-store.ts';
import type { AssetColumns } from '../model/asset-columns.ts';
import { messageOf, type OverseedError, type TargetState } from '../model/error.ts';
import type { Plan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import type { Compared } from '../plan/compared.ts';
import { ownVersion } from '../util/own-version.ts';
import type { Ending, Pictures, ReportFacts, ReportFinding, TableChanges } from './facts.ts';
import { renderReport } from './html/page.ts';
import { collectPictures } from './pictures/collect-pictures.ts';
import { type FoundPictures, findPictures } from './pictures/find-pictures.ts';
import { locatePictures, type Places } from './pictures/locate-pictures.ts';
import { RunRecorder } from './record/record-run.ts';
import { type Redact, redactor } from './redact.ts';
import { ownComparison } from './sample/own-comparison.ts';
import { sampleChanges } from './sample/sample-changes.ts';
import { writeReport } from './write-report.ts';

export interface ReportOptions {
  /** Where the page goes. */
  readonly file: string;
  /** `push production` */
  readonly command: string;
  readonly targetName: string;
  readonly undoCommand: string;
  /** Texts that must not appear. */
  readonly secrets: readonly string[];
}

/** What a run is about, as people see it. */
export interface Parties {
  readonly source: string;
  readonly target: string;
  readonly store: string;
}

/** How a run ended, as far as its events do not tell. */
export type End = { readonly exitCode: number } | { readonly failure: OverseedError };

type Heard = ReturnType<RunRecorder['heard']> & { readonly ms: number };

export class Report {
  readonly #options: ReportOptions;
  readonly #recorder = new RunRecorder();
  readonly #redact: Redact;
  #parties: Parties | undefined;
  #plan: Plan | undefined;
  #changes: readonly TableChanges[] = [];
  #pictures: { found: FoundPictures; places: Places; store: AssetStore } | undefined;
  #findings: readonly ReportFinding[] = [];

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#redact = redactor(options.secrets);
  }

  /** The same run, which tells this report as well. */
  listen(run: Run): Run {
    return {
      ...run,
      emit: (event) => {
        this.#recorder.hear(event);
        run.emit(event);
      },
    };
  }

  isAbout(parties: Parties): void {
    this.#parties = parties;
  }

  /** Looks at rows and pictures that differ. A report that lacks them is no reason to end a push: then it says so. */
  compared(
    { comparison, plan, assets, ledger }: Compared,
    store: AssetStore,
    assetColumns: Readonly<Record<string, AssetColumns>>,
  ): void {
    this.#plan = plan;
    // A run that planned before has nothing left of that.
    this.#changes = [];
    this.#pictures = undefined;
    try {
      using own = ownComparison(comparison);
      this.#changes = sampleChanges(own, this.#redact);
      const found = findPictures(own, assetColumns, this.#redact);
      const urls = found.found.flatMap(({ before, after }) => [before, after]);
      const wanted = new Set(urls.filter((url) => url !== undefined));
      this.#pictures = { found, places: locatePictures(wanted, assets, ledger, store), store };
    } catch (error) {
      const message = `This report cannot list the rows that change: ${messageOf(error)}`;
      this.#recorder.hear({ kind: 'warning', message });
    }
  }

  checked(findings: readonly ReportFinding[]): void {
    this.#findings = findings;
  }

  /** @throws REPORT_NOT_WRITTEN */
  async write(end: End, run: Run): Promise<void> {
    const { file } = this.#options;
    const ms = this.#recorder.ms();
    const heard = this.#recorder.heard();
    const ending = this.#ending(end, heard.outcome);
    const makePage = async () => renderReport(await this.#facts(ending, { ...heard, ms }, run));
    await writeReport(file, makePage, stateAfter(ending));
    run.emit({ kind: 'report-written', file });
  }

  async #facts(
    ending: Ending,
    { outcome, warnings, uploads, ...heard }: Heard,
    run: Run,
  ): Promise<ReportFacts> {
    const { command, targetName, undoCommand } = this.#options;
    const redact = this.#redact;
    const applied = outcome?.status === 'applied' ? outcome : undefined;
    const pictures: Pictures = this.#pictures
      ? await collectPictures(this.#pictures.found, this.#pictures, redact, run.signal)
      : { items: [], total: 0, isTotalKnown: true };
    return {
      ...heard,
      source: this.#parties?.source,
      target: this.#parties?.target,
      store: this.#parties?.store,
      plan: this.#plan,
      version: ownVersion(),
      command,
      runId: run.id,
      startedAt: run.startedAt,
      uploads: { ...uploads, pauses: uploads.pauses.map(redact) },
      targetName,
      ending,
      changes: this.#changes,
      pictures,
      warnings: { ...warnings, items: warnings.items.map(redact) },
      findings: this.#findings.map((finding) => ({ ...finding, detail: redact(finding.detail) })),
      undoCommand: ending.kind === 'outcome' && applied?.backup !== undefined ? undoCommand : undefined,
    };
  }

  #ending(end: End, outcome: (Ending & { kind: 'outcome' })['outcome'] | undefined): Ending {
    if ('failure' in end) {
      const { code, what, state, next } = end.failure;
      return { kind: 'failed', failure: { code, what: this.#redact(what), state, next: this.#redact(next) } };
    }
    return outcome ? { kind: 'outcome', outcome } : { kind: 'checked', isGood: end.exitCode === 0 };
  }
}

function stateAfter(ending: Ending): TargetState {
  if (ending.kind === 'failed') return ending.failure.state;
  return ending.kind === 'outcome' && ending.outcome.status === 'applied' ? 'new' : 'old';
}
