import { CONTRACT } from '../contract';
import type { MlflowClient } from '../mlflow/client';
import type { ExperimentId, MetricHistory, Run } from '../mlflow/entities';
import { PagedRuns } from '../runtable/frompages';
import type {
  HistoryRequest,
  IRunSource,
  RunKeys,
  RunSelection,
  TableAnswer,
  TableRequest
} from '../runtable/source';

/** The first page is small: it is there at once. */
const FIRST_PAGE = 100;
const PAGE = 1000;

const { tags, mlflowTags } = CONTRACT;

/** Runs by pages of `runs/search`: what every MLflow server has. */
export class PagesSource implements IRunSource {
  constructor(private readonly _client: MlflowClient) {}

  async readTable(
    request: TableRequest,
    signal: AbortSignal,
    onPage?: (answer: TableAnswer) => void
  ): Promise<TableAnswer> {
    const runs = new PagedRuns(request.columns);
    // A table is made after the first page, then whenever the runs doubled:
    // one after each page would cost the square of the pages.
    let nextTable = 1;
    for await (const page of this._pages(request.selection, signal)) {
      runs.add(page);
      if (onPage && runs.count >= nextTable) {
        nextTable = runs.count * 2;
        onPage({ table: runs.table(), cursor: null, isComplete: false });
      }
    }
    this._keys.set(JSON.stringify(request.selection), runs.keys());
    return { table: runs.table(), cursor: null, isComplete: true };
  }

  /** Of the runs read last: MLflow has no route for keys. */
  async readKeys(
    selection: RunSelection,
    signal: AbortSignal
  ): Promise<RunKeys> {
    const known = this._keys.get(JSON.stringify(selection));
    if (known) {
      return known;
    }
    const runs = new PagedRuns([]);
    for await (const page of this._pages(selection, signal)) {
      runs.add(page);
      break;
    }
    return runs.keys();
  }

  async readHistory(
    request: HistoryRequest,
    signal: AbortSignal
  ): Promise<readonly MetricHistory[]> {
    const { keys, ...search } = request;
    const histories = await Promise.all(
      keys.map(key => this._client.getMetricHistory({ ...search, key }, signal))
    );
    return histories.flat();
  }

  private async *_pages(
    selection: RunSelection,
    signal: AbortSignal
  ): AsyncGenerator<readonly Run[]> {
    const experimentIds =
      selection.experimentIds ?? (await this._allExperiments(signal));
    if (experimentIds.length === 0) {
      return;
    }
    for (const { filter, isOwn } of questions(selection)) {
      const search = {
        experimentIds,
        filter,
        viewType: selection.viewType,
        orderBy: ['attributes.start_time DESC']
      };
      let pageToken: string | null = null;
      let maxResults = FIRST_PAGE;
      do {
        const page: Awaited<ReturnType<MlflowClient['searchRuns']>> =
          await this._client.searchRuns(
            { ...search, maxResults, pageToken },
            signal
          );
        yield page.found.filter(isOwn);
        pageToken = page.nextPageToken;
        maxResults = PAGE;
      } while (pageToken !== null);
    }
  }

  private async _allExperiments(
    signal: AbortSignal
  ): Promise<readonly ExperimentId[]> {
    const experiments = await this._client.searchExperiments({}, signal);
    return experiments.map(experiment => experiment.experimentId);
  }

  private readonly _keys = new Map<string, RunKeys>();
}

type Question = Readonly<{
  filter: string | undefined;
  /** What MLflow's filter cannot say. */
  isOwn: (run: Run) => boolean;
}>;

/** MLflow's filters know no OR: one search for each way to be selected. */
function questions({ notebook }: RunSelection): readonly Question[] {
  if (!notebook) {
    return [{ filter: undefined, isOwn: () => true }];
  }
  const { id, path } = notebook;
  // A bare file name is what MLflow itself writes for notebooks of any folder.
  const byPath = path.includes('/')
    ? [tags.notebookPath, mlflowTags.sourceName]
    : [tags.notebookPath];
  return [
    { filter: equals(tags.notebookId, id), isOwn: () => true },
    ...byPath.map(key => ({
      filter: equals(key, path),
      isOwn: (run: Run) =>
        tagOf(run, tags.notebookId) === undefined && tagOf(run, key) === path
    }))
  ];
}

function tagOf(run: Run, key: string): string | undefined {
  return run.tags.find(tag => tag.key === key)?.value;
}

/** MLflow's filter has no escape: a text with both quotes becomes a pattern. */
function equals(key: string, value: string): string {
  const tag = `tags.\`${key}\``;
  if (!value.includes("'")) {
    return `${tag} = '${value}'`;
  }
  return value.includes('"')
    ? `${tag} LIKE '${value.replace(/'/g, '_')}'`
    : `${tag} = "${value}"`;
}
