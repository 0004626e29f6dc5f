import type { Page, Query } from './calls';
import { allPages, onlyInMlflow3, pageOf } from './calls';
import {
  decodeArtifactFile,
  decodeExperiment,
  decodeLoggedModel,
  decodeRun
} from './decode';
import type {
  ArtifactFile,
  Experiment,
  ExperimentId,
  LoggedModel,
  MetricHistory,
  Run,
  RunId,
  Tag
} from './entities';
import { requiredText } from './fields';
import type { HistorySearch } from './history';
import { searchHistory } from './history';
import { RegistryClient } from './registryclient';

export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

export type RunSearch = Readonly<{
  experimentIds: readonly ExperimentId[];
  /** MLflow's filter language; AND only. */
  filter?: string;
  viewType?: ViewType;
  /** Of a page; never by a metric or param on SQLite: quadratic there. */
  orderBy?: readonly string[];
  maxResults?: number;
  pageToken?: string | null;
}>;

/** MLflow's REST API, one method for each call. */
export class MlflowClient extends RegistryClient {
  /** One page of runs, newest first unless ordered otherwise. */
  async searchRuns(
    search: RunSearch,
    signal?: AbortSignal
  ): Promise<Page<Run>> {
    const body = {
      experiment_ids: search.experimentIds,
      filter: search.filter,
      run_view_type: search.viewType ?? 'ACTIVE_ONLY',
      order_by: search.orderBy,
      max_results: search.maxResults ?? 1000,
      page_token: search.pageToken ?? undefined
    };
    const answer = await this.calls.post('runs/search', body, signal);
    return pageOf(answer, 'runs', decodeRun);
  }

  async getRun(runId: RunId, signal?: AbortSignal): Promise<Run> {
    const answer = await this.calls.get('runs/get', { run_id: runId }, signal);
    return decodeRun(answer.run);
  }

  async updateRun(
    runId: RunId,
    changes: Readonly<{ runName?: string; status?: string; endTimeMs?: number }>
  ): Promise<void> {
    await this.calls.post('runs/update', {
      run_id: runId,
      run_name: changes.runName,
      status: changes.status,
      end_time: changes.endTimeMs
    });
  }

  async deleteRun(runId: RunId): Promise<void> {
    await this.calls.post('runs/delete', { run_id: runId });
  }

  async restoreRun(runId: RunId): Promise<void> {
    await this.calls.post('runs/restore', { run_id: runId });
  }

  async setTag(runId: RunId, key: string, value: string): Promise<void> {
    await this.calls.post('runs/set-tag', { run_id: runId, key, value });
  }

  async deleteTag(runId: RunId, key: string): Promise<void> {
    await this.calls.post('runs/delete-tag', { run_id: runId, key });
  }

  /** All experiments that match, most recently changed first. */
  searchExperiments(
    search: Readonly<{ filter?: string; viewType?: ViewType }> = {},
    signal?: AbortSignal
  ): Promise<readonly Experiment[]> {
    return allPages(async token => {
      const body = {
        filter: search.filter,
        view_type: search.viewType ?? 'ACTIVE_ONLY',
        order_by: ['last_update_time DESC'],
        max_results: 1000,
        page_token: token ?? undefined
      };
      const answer = await this.calls.post('experiments/search', body, signal);
      return pageOf(answer, 'experiments', decodeExperiment);
    });
  }

  async getExperiment(
    experimentId: ExperimentId,
    signal?: AbortSignal
  ): Promise<Experiment> {
    const query = { experiment_id: experimentId };
    const answer = await this.calls.get('experiments/get', query, signal);
    return decodeExperiment(answer.experiment);
  }

  /** Throws `notFound` where there is none; finds deleted ones, too. */
  async getExperimentByName(
    name: string,
    signal?: AbortSignal
  ): Promise<Experiment> {
    const query = { experiment_name: name };
    const answer = await this.calls.get(
      'experiments/get-by-name',
      query,
      signal
    );
    return decodeExperiment(answer.experiment);
  }

  async createExperiment(
    name: string,
    tags: readonly Tag[] = []
  ): Promise<ExperimentId> {
    const body = { name, tags };
    const answer = await this.calls.post('experiments/create', body);
    return requiredText(answer, 'experiment_id');
  }

  async updateExperiment(
    experimentId: ExperimentId,
    name: string
  ): Promise<void> {
    const body = { experiment_id: experimentId, new_name: name };
    await this.calls.post('experiments/update', body);
  }

  async deleteExperiment(experimentId: ExperimentId): Promise<void> {
    const body = { experiment_id: experimentId };
    await this.calls.post('experiments/delete', body);
  }

  async restoreExperiment(experimentId: ExperimentId): Promise<void> {
    const body = { experiment_id: experimentId };
    await this.calls.post('experiments/restore', body);
  }

  /** Curves of one metric; thinned evenly where they have more points. */
  getMetricHistory(
    search: HistorySearch,
    signal?: AbortSignal
  ): Promise<readonly MetricHistory[]> {
    return searchHistory(this.calls, search, signal);
  }

  /** Artifacts in a folder of a run, not those below. */
  async listArtifacts(
    runId: RunId,
    path = '',
    signal?: AbortSignal
  ): Promise<readonly ArtifactFile[]> {
    const query = { run_id: runId, ...(path && { path }) };
    return this._artifacts('artifacts/list', query, signal);
  }

  /** Artifacts in a folder of a logged model; MLflow 3 only. */
  async listModelArtifacts(
    modelId: string,
    path = '',
    signal?: AbortSignal
  ): Promise<readonly ArtifactFile[]> {
    const id = encodeURIComponent(modelId);
    const route = `logged-models/${id}/artifacts/directories`;
    const query: Query = path ? { artifact_directory_path: path } : {};
    return onlyInMlflow3(this._artifacts(route, query, signal));
  }

  /** Models that a run logged; throws `unsupported` before MLflow 3. */
  searchLoggedModels(
    runId: RunId,
    experimentId: ExperimentId,
    signal?: AbortSignal
  ): Promise<readonly LoggedModel[]> {
    const search = allPages(async token => {
      const body = {
        experiment_ids: [experimentId],
        filter: `source_run_id = '${runId}'`,
        max_results: 50,
        page_token: token ?? undefined
      };
      const answer = await this.calls.post(
        'logged-models/search',
        body,
        signal
      );
      return pageOf(answer, 'models', decodeLoggedModel);
    });
    return onlyInMlflow3(search);
  }

  async getLoggedModel(
    modelId: string,
    signal?: AbortSignal
  ): Promise<LoggedModel> {
    const route = `logged-models/${encodeURIComponent(modelId)}`;
    const answer = await onlyInMlflow3(this.calls.get(route, {}, signal));
    return decodeLoggedModel(answer.model);
  }

  private _artifacts(
    route: string,
    query: Query,
    signal?: AbortSignal
  ): Promise<readonly ArtifactFile[]> {
    return allPages(async token => {
      const page = token === null ? query : { ...query, page_token: token };
      const answer = await this.calls.get(route, page, signal);
      return pageOf(answer, 'files', decodeArtifactFile);
    });
  }
}
