import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { isSuperseded, Latest } from '../base/latest';
import type { MlflowClient } from '../mlflow/client';
import type { ModelVersion, RunId } from '../mlflow/entities';
import { MlflowError } from '../mlflow/errors';

/** Versions asked for: enough for the chips of the rows people look at. */
const MOST_VERSIONS = 1000;
/** Models asked for their aliases: those that changed last. */
const MOST_MODELS = 10;

type ByRun = ReadonlyMap<RunId, readonly ModelVersion[]>;

/** Which model versions were registered from which run. */
export class Registrations {
  constructor(private readonly _client: MlflowClient) {}

  get byRun(): ByRun {
    return this._byRun;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** True once the registry was asked, with or without success. */
  get isAsked(): boolean {
    return this._isAsked;
  }

  /** Ask again. A registry that does not answer leaves what is known. */
  async refresh(): Promise<void> {
    this._isAsked = true;
    const search = {
      orderBy: ['last_updated_timestamp DESC'],
      maxResults: MOST_VERSIONS
    };
    try {
      const versions = await this._latest.run(async signal => {
        const found = await this._client.searchModelVersions(search, signal);
        return this._withAliases(found, signal);
      });
      this._byRun = groupByRun(versions);
      this._changed.emit();
    } catch (error) {
      // Runs without their chips are better than a message about a registry
      // that many servers do not have.
      if (!(error instanceof MlflowError) && !isSuperseded(error)) {
        throw error;
      }
    }
  }

  /** Another store, another registry. */
  clear(): void {
    this._latest.abort();
    this._isAsked = false;
    this._byRun = new Map();
    this._changed.emit();
  }

  dispose(): void {
    this._latest.abort();
    Signal.clearData(this);
  }

  /** A search of versions brings no aliases; the models have them. */
  private async _withAliases(
    versions: readonly ModelVersion[],
    signal: AbortSignal
  ): Promise<readonly ModelVersion[]> {
    const names = [...new Set(versions.map(({ name }) => name))];
    // A model may be deleted meanwhile: the others keep their aliases.
    const models = await Promise.allSettled(
      names
        .slice(0, MOST_MODELS)
        .map(name => this._client.getRegisteredModel(name, signal))
    );
    const aliases = new Map(
      models.flatMap(model =>
        model.status === 'fulfilled'
          ? [[model.value.name, model.value.aliases] as const]
          : []
      )
    );
    return versions.map(version => ({
      ...version,
      aliases: (aliases.get(version.name) ?? [])
        .filter(alias => alias.version === version.version)
        .map(({ alias }) => alias)
    }));
  }

  private _isAsked = false;
  private _byRun: ByRun = new Map();
  private readonly _latest = new Latest();
  private readonly _changed = new Signal<this, void>(this);
}

function groupByRun(versions: readonly ModelVersion[]): ByRun {
  const byRun = new Map<RunId, ModelVersion[]>();
  for (const version of versions) {
    if (version.runId !== null) {
      const known = byRun.get(version.runId) ?? [];
      byRun.set(version.runId, [...known, version]);
    }
  }
  return byRun;
}
