import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { Latest, isSuperseded } from '../base/latest';
import type { HistoryPoint, Run, RunId } from '../mlflow/entities';
import type { RunPatch } from '../runtable/patch';
import type { IChoices } from '../runs/choices';
import { choicesOfRun } from '../runs/choices';
import { patchRun } from '../runs/patchrun';
import type { ISession } from '../tokens';
import type { Comparison } from './rows';
import { compareRuns, onlyDiffering } from './rows';

/** A run of a comparison, in its own connection. */
export type ComparedRun = Readonly<{ runId: RunId; session: ISession }>;

/** The curve of one metric of one run. */
export type ComparedCurve = Readonly<{
  run: Run;
  points: readonly HistoryPoint[];
}>;

/** Points of a curve at most. */
const MOST_POINTS = 2000;

/** Several runs beside each other; kept current by their sessions. */
export class CompareModel {
  constructor(private readonly _choices: IChoices | null = null) {
    _choices?.changed.connect(this._onChoices, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Which runs are compared, whether their values are known or not. */
  get compared(): readonly ComparedRun[] {
    return this._compared;
  }

  /** The runs that the stores have told, in the order asked for. */
  get runs(): readonly Run[] {
    return this._compared.flatMap(({ runId }) => this._runs.get(runId) ?? []);
  }

  get isLoading(): boolean {
    return this._latest.isRunning;
  }

  /** What went wrong last, or null. */
  get error(): string | null {
    return this._error;
  }

  /** Is what is equal in all runs left out? */
  get isOnlyDiffering(): boolean {
    return this._isOnlyDiffering;
  }

  set isOnlyDiffering(isOnlyDiffering: boolean) {
    this._isOnlyDiffering = isOnlyDiffering;
    this._changed.emit();
  }

  get comparison(): Comparison {
    const whole = this._whole;
    return this._isOnlyDiffering && this.runs.length > 1
      ? onlyDiffering(whole)
      : whole;
  }

  /** Metric whose curves are shown, or null. */
  get metricKey(): string | null {
    return this._metricKey;
  }

  /** Curves of that metric; empty while they are not known. */
  get curves(): readonly ComparedCurve[] {
    return this._curves;
  }

  /** Compare these runs from now on. */
  async open(compared: readonly ComparedRun[]): Promise<void> {
    this._disconnect();
    this._compared = compared;
    for (const session of this._sessions()) {
      session.runChanged.connect(this._onRunChanged, this);
    }
    this._changed.emit();
    await this.refresh();
  }

  /** Ask the stores for the runs again. */
  async refresh(): Promise<void> {
    try {
      const runs = await this._latest.run(signal =>
        Promise.all(
          this._compared.map(({ runId, session }) =>
            session.client.getRun(runId, signal)
          )
        )
      );
      this._runs = new Map(runs.map(run => [run.runId, run]));
      this._error = null;
      this._changed.emit();
      await this.showCurves(this._knownMetric());
    } catch (error) {
      this._fail(error);
    }
  }

  /** Draw the curves of a metric; null for none. */
  async showCurves(key: string | null): Promise<void> {
    this._metricKey = key;
    this._curves = [];
    this._changed.emit();
    if (key === null) {
      return;
    }
    try {
      this._curves = await this._latestCurves.run(signal =>
        Promise.all(this.runs.map(run => this._readCurve(run, key, signal)))
      );
      this._changed.emit();
    } catch (error) {
      this._fail(error);
    }
  }

  dispose(): void {
    this._latest.abort();
    this._latestCurves.abort();
    this._disconnect();
    Signal.clearData(this);
  }

  /** Everything, by what was chosen for the first run's notebook. */
  private get _whole(): Comparison {
    const choices = choicesOfRun(this._choices, this.runs[0]);
    return compareRuns(this.runs, choices);
  }

  private _onChoices(): void {
    this._changed.emit();
  }

  /** The metric shown before, where a run still has it, else the first. */
  private _knownMetric(): string | null {
    const keys = this._whole.metrics.map(({ key }) => key);
    return this._metricKey !== null && keys.includes(this._metricKey)
      ? this._metricKey
      : (keys[0] ?? null);
  }

  private async _readCurve(
    run: Run,
    key: string,
    signal: AbortSignal
  ): Promise<ComparedCurve> {
    const of = this._compared.find(({ runId }) => runId === run.runId);
    const request = {
      runIds: [run.runId],
      keys: [key],
      maxPoints: MOST_POINTS
    };
    const histories = await of?.session.source.readHistory(request, signal);
    return { run, points: histories?.[0]?.points ?? [] };
  }

  private _sessions(): ReadonlySet<ISession> {
    return new Set(this._compared.map(({ session }) => session));
  }

  private _disconnect(): void {
    for (const session of this._sessions()) {
      session.runChanged.disconnect(this._onRunChanged, this);
    }
  }

  private _onRunChanged(_: ISession, patch: RunPatch): void {
    const run = this._runs.get(patch.runId);
    if (!run) {
      return;
    }
    this._runs.set(patch.runId, patchRun(run, patch));
    this._curves = this._curves.map(curve =>
      curve.run.runId === patch.runId
        ? { ...curve, points: extend(curve.points, this._metricKey, patch) }
        : curve
    );
    this._changed.emit();
  }

  private _fail(error: unknown): void {
    if (!isSuperseded(error)) {
      this._error = error instanceof Error ? error.message : String(error);
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _latest = new Latest();
  private readonly _latestCurves = new Latest();
  private _compared: readonly ComparedRun[] = [];
  private _runs = new Map<RunId, Run>();
  private _error: string | null = null;
  private _isOnlyDiffering = true;
  private _metricKey: string | null = null;
  private _curves: readonly ComparedCurve[] = [];
}

function extend(
  points: readonly HistoryPoint[],
  key: string | null,
  patch: RunPatch
): readonly HistoryPoint[] {
  const metric = key === null ? undefined : patch.metrics.get(key);
  if (!metric) {
    return points;
  }
  const last = points.length > 0 ? points[points.length - 1].step : -Infinity;
  const { timestampMs } = metric;
  const later = metric.points.filter(({ step }) => step > last);
  return [...points, ...later.map(point => ({ ...point, timestampMs }))];
}
