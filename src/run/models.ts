import type { ModelVersion, Run, RunId } from '../mlflow/entities';
import { isMissing } from '../mlflow/errors';
import { modelPathsOfTag } from '../mlflow/tags';
import type { ModelAddress } from '../runs/snippets';
import type { ISession } from '../tokens';

/** A model of the run, with what was registered from it. */
export type ShownModel = Readonly<{
  name: string;
  address: ModelAddress;
  versions: readonly ModelVersion[];
}>;

type Logged = Readonly<{ name: string; modelId: string | null }>;

/** Models that one run logged. */
export class Models {
  constructor(
    private readonly _session: ISession,
    private readonly _onChanged: () => void
  ) {}

  /** Null while they are not known. */
  of(run: Run): readonly ShownModel[] | null {
    const versions = this._session.registrations.get(run.runId) ?? [];
    return (
      this._logged?.map(({ name, modelId }) => ({
        name,
        address: modelId ? { modelId } : { runId: run.runId, path: name },
        versions: versions.filter(
          version =>
            version.modelId === null ||
            modelId === null ||
            version.modelId === modelId
        )
      })) ?? null
    );
  }

  async load(run: Run): Promise<void> {
    this._runId = run.runId;
    const logged = await this._read(run);
    if (run.runId !== this._runId) {
      return;
    }
    this._logged =
      logged.length > 0
        ? logged
        : modelPathsOfTag(run.tags).map(name => ({ name, modelId: null }));
    this._onChanged();
  }

  clear(): void {
    this._runId = null;
    this._logged = null;
  }

  private async _read(run: Run): Promise<readonly Logged[]> {
    const { client } = this._session;
    try {
      return await client.searchLoggedModels(run.runId, run.experimentId);
    } catch (error) {
      // Servers before MLflow 3 have no logged models.
      if (isMissing(error)) {
        return [];
      }
      throw error;
    }
  }

  private _runId: RunId | null = null;
  private _logged: readonly Logged[] | null = null;
}
