import type { MetricHistory } from '../mlflow/entities';
import { isMissing } from '../mlflow/errors';
import type {
  HistoryRequest,
  IRunSource,
  RunKeys,
  RunSelection,
  TableAnswer,
  TableRequest
} from '../runtable/source';

/**
 * The columnar routes where a server has them, pages of `runs/search` where
 * it answers 404 or 501.
 */
export class FallbackSource implements IRunSource {
  constructor(
    private readonly _columns: IRunSource,
    private readonly _pages: IRunSource
  ) {}

  readTable(
    request: TableRequest,
    signal: AbortSignal,
    onPage?: (answer: TableAnswer) => void
  ): Promise<TableAnswer> {
    return this._read(source => source.readTable(request, signal, onPage));
  }

  readKeys(selection: RunSelection, signal: AbortSignal): Promise<RunKeys> {
    return this._read(source => source.readKeys(selection, signal));
  }

  readHistory(
    request: HistoryRequest,
    signal: AbortSignal
  ): Promise<readonly MetricHistory[]> {
    return this._read(source => source.readHistory(request, signal));
  }

  private async _read<T>(read: (source: IRunSource) => Promise<T>): Promise<T> {
    if (this._hasNoColumns) {
      return read(this._pages);
    }
    try {
      return await read(this._columns);
    } catch (error) {
      if (!isMissing(error)) {
        throw error;
      }
      const answer = await read(this._pages);
      // Only now: a store that is just being made answers neither.
      this._hasNoColumns = true;
      return answer;
    }
  }

  private _hasNoColumns = false;
}
