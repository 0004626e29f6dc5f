/**
 * Reads what is to be known before registering, registers, and undoes it.
 */
import type { MlflowClient } from '../mlflow/client';
import type {
  ModelVersion,
  RegisteredModel,
  Run,
  Tag
} from '../mlflow/entities';
import { MlflowError } from '../mlflow/errors';
import type { ISession } from '../tokens';
import type { ModelFacts } from './mlmodel';
import { readMlmodel } from './mlmodel';
import type { RunModel, Target } from './registerplan';
import { isPrompt, targetOf } from './registerplan';

/** Text of one artifact, by its address below `connections/<id>/artifacts/`. */
export type ReadArtifact = (
  connectionId: string,
  path: string,
  signal: AbortSignal
) => Promise<string>;

/** What is to be registered. */
export type RegisterOrder = Readonly<{
  run: Run;
  model: RunModel;
  name: string;
  alias?: string;
  description?: string;
  tags?: readonly Tag[];
}>;

/** What was registered, with what undoing it needs. */
export type Registered = Readonly<{
  version: ModelVersion;
  /** The name was free before. */
  madeModel: boolean;
  alias: string | null;
  /** Version that bore the alias before. */
  aliasBefore: string | null;
  /** The version is there, but its alias could not be set: why. */
  aliasError: unknown;
}>;

/** The name belongs to a prompt: the server would mix the two. */
export class TakenByPrompt extends Error {
  constructor(readonly modelName: string) {
    super(`'${modelName}' is a prompt.`);
    this.name = 'TakenByPrompt';
  }
}

/** The registry of one open connection. */
export class Registrar {
  constructor(options: { session: ISession; readArtifact: ReadArtifact }) {
    this.session = options.session;
    this._readArtifact = options.readArtifact;
  }

  readonly session: ISession;

  /** Names of the registered models, for the list below the name. */
  async readNames(signal: AbortSignal): Promise<readonly string[]> {
    const models = await this._client.searchRegisteredModels('', signal);
    return models.filter(model => !isPrompt(model)).map(model => model.name);
  }

  /** What registering under a name would give. */
  async readTarget(name: string, signal: AbortSignal): Promise<Target> {
    const model = await this._modelNamed(name, signal);
    return targetOf(name, model, this._taken.get(name));
  }

  /** What the file `MLmodel` says; null where it cannot be read. */
  async readModel(
    run: Run,
    model: RunModel,
    signal: AbortSignal
  ): Promise<ModelFacts | null> {
    const folder = model.modelId
      ? `models/${encodeURIComponent(model.modelId)}`
      : [run.runId, ...(model.folder ?? '').split('/')]
          .map(encodeURIComponent)
          .join('/');
    try {
      const { id } = this.session.connection;
      return readMlmodel(
        await this._readArtifact(id, `${folder}/MLmodel`, signal)
      );
    } catch {
      // A check that cannot be made is left out; it never blocks.
      return null;
    }
  }

  /** Run of a version, to compare with; null where it is gone. */
  async readRunOf(
    name: string,
    version: string,
    signal: AbortSignal
  ): Promise<Run | null> {
    try {
      const found = await this._client.getModelVersion(name, version, signal);
      return found.runId
        ? await this._client.getRun(found.runId, signal)
        : null;
    } catch {
      return null;
    }
  }

  /**
   * Make a version. When it fails the registry is as it was before; throws
   * `TakenByPrompt` or an `MlflowError`.
   */
  async register(order: RegisterOrder): Promise<Registered> {
    const before = await this._modelNamed(order.name);
    if (before && isPrompt(before)) {
      throw new TakenByPrompt(order.name);
    }
    const madeModel = !before && (await this._makeModel(order.name));
    const version = await this._makeVersion(order, madeModel);
    this._taken.set(order.name, Number(version.version));
    const aliasError = await this._setAlias(version, order.alias);
    await this._refresh();
    const held = before?.aliases.find(({ alias }) => alias === order.alias);
    return {
      version,
      madeModel,
      alias: order.alias ?? null,
      aliasBefore: held?.version ?? null,
      aliasError
    };
  }

  /** Take a version back, with its alias and the name it was made with. */
  async undo(registered: Registered): Promise<void> {
    const { version, madeModel, alias, aliasBefore } = registered;
    await this._client.deleteModelVersion(version.name, version.version);
    if (alias && aliasBefore) {
      await this._client.setAlias(version.name, alias, aliasBefore);
    }
    if (madeModel && (await this._isEmpty(version.name))) {
      await this._client.deleteRegisteredModel(version.name);
      this._taken.delete(version.name);
    }
    await this._refresh();
  }

  private get _client(): MlflowClient {
    return this.session.client;
  }

  private async _modelNamed(
    name: string,
    signal?: AbortSignal
  ): Promise<RegisteredModel | null> {
    try {
      return await this._client.getRegisteredModel(name, signal);
    } catch (error) {
      if (error instanceof MlflowError && error.kind === 'notFound') {
        return null;
      }
      throw error;
    }
  }

  /** False when another one was quicker: the name is there, not made here. */
  private async _makeModel(name: string): Promise<boolean> {
    try {
      await this._client.createRegisteredModel(name);
      return true;
    } catch (error) {
      if (error instanceof MlflowError && error.kind === 'alreadyExists') {
        return false;
      }
      throw error;
    }
  }

  private async _makeVersion(
    order: RegisterOrder,
    madeModel: boolean
  ): Promise<ModelVersion> {
    const { name, model, run, description, tags } = order;
    try {
      return await this._client.createModelVersion({
        name,
        source: model.source,
        modelId: model.modelId ?? undefined,
        runId: run.runId,
        description: description || undefined,
        tags
      });
    } catch (error) {
      if (madeModel) {
        await this._client.deleteRegisteredModel(name);
      }
      throw error;
    }
  }

  private async _setAlias(
    version: ModelVersion,
    alias: string | undefined
  ): Promise<unknown> {
    try {
      if (alias) {
        await this._client.setAlias(version.name, alias, version.version);
      }
      return null;
    } catch (error) {
      return error;
    }
  }

  private async _isEmpty(name: string): Promise<boolean> {
    const model = await this._modelNamed(name);
    return model !== null && model.latestVersions.length === 0;
  }

  /** Chips follow at once; that they could not be read fails nothing. */
  private async _refresh(): Promise<void> {
    try {
      await this.session.refreshRegistrations();
    } catch (error) {
      console.warn('Registrations could not be read again.', error);
    }
  }

  private readonly _readArtifact: ReadArtifact;
  // Highest version made here: its number is not given again once undone.
  private readonly _taken = new Map<string, number>();
}
