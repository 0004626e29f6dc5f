import type { Page } from './calls';
import { allPages, noneWhereMissing, pageOf, RestCalls } from './calls';
import { decodeModelVersion, decodeRegisteredModel } from './decode';
import type { ModelVersion, RegisteredModel, RunId, Tag } from './entities';
import type { ITransport } from './transport';

export type ModelVersionSearch = Readonly<{
  /** MLflow's filter, such as `run_id = '…'`. */
  filter?: string;
  orderBy?: readonly string[];
  /** Stop after this many; all by default. */
  maxResults?: number;
}>;

export type ModelVersionRequest = Readonly<{
  name: string;
  /** `models:/m-…`, `runs:/<id>/<path>` or an artifact URI. */
  source: string;
  modelId?: string;
  runId?: RunId;
  description?: string;
  tags?: readonly Tag[];
}>;

const PAGE = 1000;

/** MLflow's model registry over REST. */
export class RegistryClient {
  constructor(transport: ITransport) {
    this.calls = new RestCalls(transport);
  }

  protected readonly calls: RestCalls;

  async getRegisteredModel(
    name: string,
    signal?: AbortSignal
  ): Promise<RegisteredModel> {
    const answer = await this.calls.get(
      'registered-models/get',
      { name },
      signal
    );
    return decodeRegisteredModel(answer.registered_model);
  }

  /** Registered models that match MLflow's filter; none without a registry. */
  searchRegisteredModels(
    filter = '',
    signal?: AbortSignal
  ): Promise<readonly RegisteredModel[]> {
    const search = allPages(async token => {
      const query = {
        max_results: 100,
        ...(filter && { filter }),
        ...(token !== null && { page_token: token })
      };
      const answer = await this.calls.get(
        'registered-models/search',
        query,
        signal
      );
      return pageOf(answer, 'registered_models', decodeRegisteredModel);
    });
    return noneWhereMissing(search);
  }

  /** Throws `alreadyExists` where the name is taken. */
  async createRegisteredModel(
    name: string,
    options: Readonly<{ description?: string; tags?: readonly Tag[] }> = {}
  ): Promise<RegisteredModel> {
    const body = { name, ...options };
    const answer = await this.calls.post('registered-models/create', body);
    return decodeRegisteredModel(answer.registered_model);
  }

  async updateRegisteredModel(
    name: string,
    description: string
  ): Promise<void> {
    const body = { name, description };
    await this.calls.send('PATCH', 'registered-models/update', body);
  }

  async deleteRegisteredModel(name: string): Promise<void> {
    await this.calls.send('DELETE', 'registered-models/delete', { name });
  }

  /** Versions that match; none where the server has no registry. */
  async searchModelVersions(
    search: ModelVersionSearch = {},
    signal?: AbortSignal
  ): Promise<readonly ModelVersion[]> {
    const limit = search.maxResults ?? Infinity;
    let left = limit;
    const pages = allPages(async token => {
      const page = await this._versionPage(search, { token, left }, signal);
      left -= page.found.length;
      return left > 0 ? page : { ...page, nextPageToken: null };
    });
    return (await noneWhereMissing(pages)).slice(0, limit);
  }

  async getModelVersion(
    name: string,
    version: string,
    signal?: AbortSignal
  ): Promise<ModelVersion> {
    const query = { name, version };
    const answer = await this.calls.get('model-versions/get', query, signal);
    return decodeModelVersion(answer.model_version);
  }

  async createModelVersion(
    request: ModelVersionRequest
  ): Promise<ModelVersion> {
    const answer = await this.calls.post('model-versions/create', {
      name: request.name,
      source: request.source,
      model_id: request.modelId,
      run_id: request.runId,
      description: request.description,
      tags: request.tags
    });
    return decodeModelVersion(answer.model_version);
  }

  async updateModelVersion(
    name: string,
    version: string,
    description: string
  ): Promise<void> {
    const body = { name, version, description };
    await this.calls.send('PATCH', 'model-versions/update', body);
  }

  async deleteModelVersion(name: string, version: string): Promise<void> {
    await this.calls.send('DELETE', 'model-versions/delete', { name, version });
  }

  async setModelVersionTag(
    version: Readonly<{ name: string; version: string }>,
    tag: Tag
  ): Promise<void> {
    await this.calls.post('model-versions/set-tag', {
      name: version.name,
      version: version.version,
      ...tag
    });
  }

  /** Point an alias at a version; it leaves the version that bore it. */
  async setAlias(name: string, alias: string, version: string): Promise<void> {
    const body = { name, alias, version };
    await this.calls.post('registered-models/alias', body);
  }

  async deleteAlias(name: string, alias: string): Promise<void> {
    await this.calls.send('DELETE', 'registered-models/alias', { name, alias });
  }

  private async _versionPage(
    search: ModelVersionSearch,
    at: Readonly<{ token: string | null; left: number }>,
    signal?: AbortSignal
  ): Promise<Page<ModelVersion>> {
    const query = {
      max_results: Math.min(PAGE, at.left),
      ...(search.filter && { filter: search.filter }),
      ...(search.orderBy && { order_by: search.orderBy }),
      ...(at.token !== null && { page_token: at.token })
    };
    const answer = await this.calls.get('model-versions/search', query, signal);
    return pageOf(answer, 'model_versions', decodeModelVersion);
  }
}
