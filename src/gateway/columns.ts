import type { ServerConnection } from '@jupyterlab/services';
import { CONTRACT } from '../contract';
import type { MetricHistory } from '../mlflow/entities';
import type { Fields } from '../mlflow/fields';
import { fieldsOf, list, numberOrNull, text } from '../mlflow/fields';
import { historiesFromArrow, runsFromArrow } from '../runtable/fromarrow';
import type {
  HistoryRequest,
  IRunSource,
  KeyCount,
  RunKeys,
  RunSelection,
  TableAnswer,
  TableRequest
} from '../runtable/source';
import { askGateway, bytesOf, connectionPath, jsonOf } from './request';

type ColumnsOptions = Readonly<{
  serverSettings: ServerConnection.ISettings;
  connectionId: string;
}>;

const { routes } = CONTRACT;

/** Runs by the columnar routes that the tracking server has beside MLflow's. */
export class ColumnsSource implements IRunSource {
  constructor(private readonly _options: ColumnsOptions) {}

  async readTable(
    request: TableRequest,
    signal: AbortSignal
  ): Promise<TableAnswer> {
    const body = {
      ...printSelection(request.selection),
      columns: request.columns,
      cursor: request.cursor
    };
    const bytes = await this._arrow(routes.runsTable, body, signal);
    const { table, cursor, metadata } = await runsFromArrow(bytes);
    const isPartial = metadata.get('complete') === 'false';
    return { table, cursor, isComplete: true, isPartial };
  }

  async readKeys(
    selection: RunSelection,
    signal: AbortSignal
  ): Promise<RunKeys> {
    const body = printSelection(selection);
    const answer = await this._ask(routes.keys, body, signal);
    const fields = fieldsOf(await jsonOf(answer, signal));
    return {
      metrics: list(fields, 'metrics', decodeKeyCount),
      params: list(fields, 'params', decodeKeyCount),
      tags: list(fields, 'tags', decodeKeyCount)
    };
  }

  async readHistory(
    request: HistoryRequest,
    signal: AbortSignal
  ): Promise<readonly MetricHistory[]> {
    const body = {
      run_ids: request.runIds,
      keys: request.keys,
      max_points: request.maxPoints,
      start_step: request.startStep,
      end_step: request.endStep
    };
    const bytes = await this._arrow(routes.metricHistory, body, signal);
    return historiesFromArrow(bytes);
  }

  private async _arrow(
    route: string,
    body: Fields,
    signal: AbortSignal
  ): Promise<ArrayBuffer> {
    return bytesOf(await this._ask(route, body, signal), signal);
  }

  private _ask(
    route: string,
    body: Fields,
    signal: AbortSignal
  ): Promise<Response> {
    const { serverSettings, connectionId } = this._options;
    const request = {
      method: 'POST',
      path: connectionPath(connectionId, route),
      body,
      // Views read by themselves: no sign that somebody is there.
      isBackground: true
    } as const;
    return askGateway(serverSettings, request, signal);
  }
}

function printSelection(selection: RunSelection): Fields {
  return {
    experiment_ids: selection.experimentIds,
    notebook: selection.notebook,
    view_type: selection.viewType
  };
}

function decodeKeyCount(fields: Fields): KeyCount {
  return {
    key: text(fields, 'key'),
    count: numberOrNull(fields, 'count') ?? 0
  };
}
