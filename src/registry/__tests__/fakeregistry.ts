import { Signal } from '@lumino/signaling';
import { MlflowClient } from '../../mlflow/client';
import { errorOfAnswer } from '../../mlflow/errors';
import type { ITransport, TransportRequest } from '../../mlflow/transport';
import type { ModelVersion } from '../../mlflow/entities';
import type { ISession } from '../../tokens';

type Version = {
  name: string;
  version: string;
  run_id: string;
  source: string;
  status: string;
};

type Model = {
  name: string;
  tags: { key: string; value: string }[];
  aliases: { alias: string; version: string }[];
  last: number;
};

const text = (value: unknown): string => String(value);

/** An MLflow registry in memory, with the habits of the real one. */
export class FakeRegistry implements ITransport {
  readonly models = new Map<string, Model>();
  versions: Version[] = [];
  /** Routes that answer with this status. */
  readonly refused = new Map<string, number>();
  /** Routes that answer once this is resolved. */
  readonly delays = new Map<string, Promise<void>>();
  runs: Record<string, unknown> = {};
  logged: unknown[] = [];
  artifacts: Record<string, { path: string; is_dir: boolean }[]> = {};

  addModel(name: string, tags: Model['tags'] = []): void {
    this.models.set(name, { name, tags, aliases: [], last: 0 });
  }

  async send(request: TransportRequest): Promise<unknown> {
    const route = request.path.replace('api/2.0/mlflow/', '');
    const args = { ...request.query, ...(request.body as object) } as Record<
      string,
      unknown
    >;
    await this.delays.get(`${route} ${text(args.name)}`);
    const status = this.refused.get(`${request.method} ${route}`);
    if (status) {
      throw errorOfAnswer(status, JSON.stringify({ message: 'No.' }));
    }
    const answer = this._routes[`${request.method} ${route}`];
    if (!answer) {
      throw errorOfAnswer(404, '');
    }
    return answer(args);
  }

  private _model(name: unknown): Model {
    const model = this.models.get(text(name));
    if (!model) {
      const error = { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'None.' };
      throw errorOfAnswer(404, JSON.stringify(error));
    }
    return model;
  }

  private _shown(model: Model): unknown {
    const own = this.versions.filter(({ name }) => name === model.name);
    return { ...model, latest_versions: own.slice(-1) };
  }

  private readonly _routes: Record<
    string,
    (args: Record<string, unknown>) => unknown
  > = {
    'GET runs/get': ({ run_id }) => ({ run: this.runs[text(run_id)] }),
    'GET experiments/get': ({ experiment_id }) => ({
      experiment: { experiment_id, name: 'churn' }
    }),
    'GET artifacts/list': ({ path }) => ({
      files: this.artifacts[text(path ?? '')] ?? []
    }),
    'POST logged-models/search': () => ({ models: this.logged }),
    'GET registered-models/get': ({ name }) => ({
      registered_model: this._shown(this._model(name))
    }),
    'GET registered-models/search': () => ({
      registered_models: [...this.models.values()].map(model =>
        this._shown(model)
      )
    }),
    'POST registered-models/create': ({ name }) => {
      if (this.models.has(text(name))) {
        const error = { error_code: 'RESOURCE_ALREADY_EXISTS', message: '' };
        throw errorOfAnswer(400, JSON.stringify(error));
      }
      this.addModel(text(name));
      return { registered_model: { name } };
    },
    'DELETE registered-models/delete': ({ name }) => {
      this.models.delete(text(name));
      return {};
    },
    'POST registered-models/alias': ({ name, alias, version }) => {
      const model = this._model(name);
      const others = model.aliases.filter(other => other.alias !== alias);
      const given = { alias: text(alias), version: text(version) };
      model.aliases = [...others, given];
      return {};
    },
    'POST model-versions/create': ({ name, source, model_id, run_id }) => {
      if (text(source) !== `models:/${text(model_id)}`) {
        throw errorOfAnswer(400, '{"message": "model_id must identify"}');
      }
      const model = this._model(name);
      model.last += 1;
      const version = {
        name: text(name),
        version: text(model.last),
        run_id: text(run_id),
        source: text(source),
        status: 'READY'
      };
      this.versions.push(version);
      return { model_version: version };
    },
    'GET model-versions/get': ({ name, version }) => ({
      model_version: this.versions.find(
        found => found.name === name && found.version === version
      )
    }),
    'GET model-versions/search': () => ({ model_versions: this.versions }),
    'DELETE model-versions/delete': ({ name, version }) => {
      this.versions = this.versions.filter(
        found => found.name !== name || found.version !== version
      );
      const model = this._model(name);
      model.aliases = model.aliases.filter(found => found.version !== version);
      return {};
    }
  };
}

/** A session on a registry; `notebookRuns` are the rows of every notebook. */
export function sessionOn(
  registry: FakeRegistry,
  notebookRuns: readonly string[] = []
): ISession {
  const client = new MlflowClient(registry);
  const rows = new Map(notebookRuns.map((runId, row) => [runId, row]));
  const session = {
    client,
    connection: { id: 'default', isShared: false },
    registrations: new Map(),
    refreshRegistrations: async () => {
      const byRun = new Map<string, ModelVersion[]>();
      for (const version of await client.searchModelVersions()) {
        const runId = version.runId ?? '';
        byRun.set(runId, [...(byRun.get(runId) ?? []), version]);
      }
      session.registrations = byRun;
      session.registrationsChanged.emit();
    },
    openView: () => ({
      table: { rowCount: rows.size, columns: new Map(), rows },
      refresh: () => Promise.resolve(),
      dispose: () => undefined
    })
  } as unknown as ISession & {
    registrations: Map<string, ModelVersion[]>;
    registrationsChanged: Signal<ISession, void>;
  };
  session.registrationsChanged = new Signal<ISession, void>(session);
  return session;
}

/** A run of notebook n1, as the server sends it, with one logged model. */
export function runOnWire(runId: string, accuracy: number): unknown {
  return {
    info: {
      run_id: runId,
      run_name: 'network',
      experiment_id: '1',
      status: 'FINISHED',
      artifact_uri: `/art/1/${runId}/artifacts`,
      lifecycle_stage: 'active'
    },
    data: {
      metrics: [
        { key: 'val_accuracy', value: accuracy, step: 0, timestamp: 1 }
      ],
      tags: [
        { key: 'jupyter.notebook_id', value: 'n1' },
        { key: 'jupyter.notebook_path', value: 'quickstart.ipynb' },
        { key: 'jupyter.cell_id', value: 'c7' },
        { key: 'jupyter.execution_count', value: '7' }
      ]
    },
    outputs: { model_outputs: [{ model_id: `m-${runId}`, step: 0 }] }
  };
}

/** The logged model of such a run. */
export function loggedOnWire(runId: string, name: string): unknown {
  return {
    info: {
      model_id: `m-${runId}`,
      name,
      experiment_id: '1',
      source_run_id: runId,
      status: 'LOGGED_MODEL_READY'
    }
  };
}
