import { expect } from '@playwright/test';
import type { LabServer } from './server';

/** A run as MLflow's REST API gives it. */
export type StoredRun = {
  info: {
    run_id: string;
    run_name: string;
    experiment_id: string;
    status: string;
    lifecycle_stage: string;
  };
  data: {
    metrics?: { key: string; value: number | string }[];
    params?: { key: string; value: string }[];
    tags?: { key: string; value: string }[];
  };
};

type Row = { key: string; value: string };

/** MLflow's REST API of a connection, asked as a script would ask it. */
export class Store {
  constructor(
    private readonly _server: LabServer,
    private readonly _connection = 'default'
  ) {}

  async post(path: string, body: unknown): Promise<Record<string, unknown>> {
    const answer = await this._server.fetch(
      `jupyterlab-experiments/connections/${this._connection}/api/2.0/mlflow/${path}`,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body)
      }
    );
    expect(answer.status, await answer.clone().text()).toBe(200);
    return answer.json();
  }

  /** Names of all experiments by id. */
  async experiments(): Promise<Map<string, string>> {
    const { experiments } = (await this.post('experiments/search', {
      max_results: 1000
    })) as { experiments?: { experiment_id: string; name: string }[] };
    return new Map(
      (experiments ?? []).map(one => [one.experiment_id, one.name])
    );
  }

  /** Runs of every experiment, newest first. */
  async runs(viewType = 'ACTIVE_ONLY'): Promise<StoredRun[]> {
    const ids = [...(await this.experiments()).keys()];
    const { runs } = (await this.post('runs/search', {
      experiment_ids: ids,
      run_view_type: viewType,
      max_results: 1000
    })) as { runs?: StoredRun[] };
    return runs ?? [];
  }
}

/** Tags, params or metrics as one object. */
export function asObject(
  rows: readonly (Row | { key: string; value: number | string })[] | undefined
): Record<string, string | number> {
  return Object.fromEntries((rows ?? []).map(row => [row.key, row.value]));
}

/** Names in the server's root, sorted. */
export async function listRoot(server: LabServer): Promise<string[]> {
  const answer = await server.fetch('api/contents/');
  const listing = (await answer.json()) as { content: { name: string }[] };
  return listing.content.map(entry => entry.name).sort();
}

type ConnectionStatus = { id: string; state: string; store_id: string };

/** State of a connection, as the route `status` tells it. */
export async function connectionState(
  server: LabServer,
  id = 'default'
): Promise<string> {
  const answer = await server.fetch('jupyterlab-experiments/status');
  const { connections } = (await answer.json()) as {
    connections: ConnectionStatus[];
  };
  return connections.find(one => one.id === id)?.state ?? 'unknown';
}
