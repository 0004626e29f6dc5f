import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import { isSuperseded, Latest } from '../base/latest';
import type {
  Metric,
  ModelVersion,
  RegisteredModel,
  Run
} from '../mlflow/entities';
import { isCancelled } from '../mlflow/errors';
import type { ISession } from '../tokens';
import { mainMetricOf } from './checks';

/** One registered model as a row. */
export type ModelRow = Readonly<{
  model: RegisteredModel;
  latest: ModelVersion | null;
  /** Main metric of the latest version's run; null while unknown. */
  metric: Metric | null;
}>;

/** The model whose versions are shown. */
export type OpenModel = Readonly<{
  name: string;
  /** Newest first; null while they are read. */
  versions: readonly ModelVersion[] | null;
  runs: ReadonlyMap<string, Run>;
}>;

// Of so many models the metrics are read; the rest show none.
const MOST_METRICS = 50;
const MOST_RUNS = 20;

/** The version with the highest number, or null. */
export function latestVersionOf(model: RegisteredModel): ModelVersion | null {
  return model.latestVersions.reduce<ModelVersion | null>(
    (latest, version) =>
      !latest || Number(version.version) > Number(latest.version)
        ? version
        : latest,
    null
  );
}

/** Aliases of one version, whichever answer names them. */
export function aliasesOf(
  version: ModelVersion,
  model: RegisteredModel | null
): readonly string[] {
  const named = (model?.aliases ?? [])
    .filter(alias => alias.version === version.version)
    .map(alias => alias.alias);
  return [...new Set([...version.aliases, ...named])].sort();
}

/**
 * MLflow's filter for a name. It knows no escape: of a name with both quotes
 * the answer may hold others as well.
 */
export function nameFilter(name: string): string {
  if (!name.includes("'")) {
    return `name = '${name}'`;
  }
  return name.includes('"')
    ? `name LIKE '${name.replace(/['"]/g, '_')}'`
    : `name = "${name}"`;
}

/** The registered models of one connection, and the versions of the open one. */
export class ModelsModel implements IDisposable {
  constructor(readonly session: ISession) {
    session.registrationsChanged.connect(this._onRegistrationsChanged, this);
  }

  /** Null before the first answer. */
  get rows(): readonly ModelRow[] | null {
    return this._rows;
  }

  get opened(): OpenModel | null {
    return this._opened;
  }

  /** Why the registry could not be read or written, or null. */
  get error(): unknown {
    return this._error;
  }

  get changed(): ISignal<ModelsModel, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The row of a name, or null. */
  find(name: string): ModelRow | null {
    return this._rows?.find(row => row.model.name === name) ?? null;
  }

  /** Read the registered models, last changed first. */
  async refresh(): Promise<void> {
    await this._guard(
      this._reading.run(async signal => {
        const { client } = this.session;
        const models = await client.searchRegisteredModels('', signal);
        this._rows = [...models]
          .sort(
            (a, b) => (b.lastUpdatedTimeMs ?? 0) - (a.lastUpdatedTimeMs ?? 0)
          )
          .map(model => this._rowOf(model));
        this._emit();
        await this._readMetrics(signal);
      })
    );
    if (this._opened) {
      await this.open(this._opened.name);
    }
  }

  /** Show the versions of a model. */
  async open(name: string): Promise<void> {
    if (this._opened?.name !== name) {
      this._opened = { name, versions: null, runs: new Map() };
      this._emit();
    }
    await this._guard(
      this._opening.run(async signal => {
        const versions = await this._readVersions(name, signal);
        this._setOpened({ versions });
        const recent = versions.slice(0, MOST_RUNS);
        const ids = recent.flatMap(({ runId }) => runId ?? []);
        this._setOpened({ runs: await this._readRuns(ids, signal) });
      })
    );
  }

  close(): void {
    this._opening.abort();
    this._opened = null;
    this._emit();
  }

  /** Point an alias at a version; it leaves the one that bore it. */
  async setAlias(version: ModelVersion, alias: string): Promise<void> {
    const { name } = version;
    await this._write(() =>
      this.session.client.setAlias(name, alias, version.version)
    );
  }

  async deleteAlias(name: string, alias: string): Promise<void> {
    await this._write(() => this.session.client.deleteAlias(name, alias));
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._reading.abort();
      this._opening.abort();
      Signal.clearData(this);
    }
  }

  private _rowOf(model: RegisteredModel): ModelRow {
    const latest = latestVersionOf(model);
    const before = this.find(model.name);
    const isSame = before?.latest?.version === latest?.version;
    return { model, latest, metric: isSame ? (before?.metric ?? null) : null };
  }

  private async _readMetrics(signal: AbortSignal): Promise<void> {
    const rows = (this._rows ?? []).slice(0, MOST_METRICS);
    const ids = rows.flatMap(row => row.latest?.runId ?? []);
    const runs = await this._readRuns(ids, signal);
    this._rows = (this._rows ?? []).map(row => {
      const run = runs.get(row.latest?.runId ?? '');
      return run ? { ...row, metric: mainMetricOf(run.metrics) } : row;
    });
    this._emit();
  }

  /** Newest first. */
  private async _readVersions(
    name: string,
    signal: AbortSignal
  ): Promise<readonly ModelVersion[]> {
    const filter = nameFilter(name);
    const found = await this.session.client.searchModelVersions(
      { filter },
      signal
    );
    return found
      .filter(version => version.name === name)
      .sort((a, b) => Number(b.version) - Number(a.version));
  }

  /** Runs by id; those that are gone are left out. */
  private async _readRuns(
    ids: readonly string[],
    signal: AbortSignal
  ): Promise<ReadonlyMap<string, Run>> {
    const runs = new Map<string, Run>();
    await Promise.all(
      [...new Set(ids)].map(async id => {
        try {
          runs.set(id, await this.session.client.getRun(id, signal));
        } catch (error) {
          if (isCancelled(error)) {
            throw error;
          }
        }
      })
    );
    return runs;
  }

  private async _write(call: () => Promise<void>): Promise<void> {
    await this._guard(call());
    const error = this._error;
    // The session's signal makes this model read again.
    await this._guard(this.session.refreshRegistrations());
    if (error) {
      this._error = error;
      this._emit();
    }
  }

  /** Keep a failure for the view; a newer question is none. */
  private async _guard(work: Promise<void>): Promise<void> {
    this._error = null;
    try {
      await work;
    } catch (error) {
      if (!isSuperseded(error) && !isCancelled(error)) {
        this._error = error;
        this._emit();
      }
    }
  }

  private _setOpened(change: Partial<OpenModel>): void {
    if (this._opened) {
      this._opened = { ...this._opened, ...change };
      this._emit();
    }
  }

  private _onRegistrationsChanged(): void {
    void this.refresh();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _reading = new Latest();
  private readonly _opening = new Latest();
  private readonly _changed = new Signal<ModelsModel, void>(this);
  private _rows: readonly ModelRow[] | null = null;
  private _opened: OpenModel | null = null;
  private _error: unknown = null;
  private _isDisposed = false;
}
