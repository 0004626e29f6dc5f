import type { InsertCodeArgs } from '../commands';
import type { Run, RunId } from '../mlflow/entities';
import { latestModel, modelPathsOfTag } from '../mlflow/tags';
import { readFilter } from '../runs/filter';
import type { ModelAddress } from '../runs/snippets';
import {
  historySnippet,
  loadModelSnippet,
  paramsSnippet,
  tableSnippet
} from '../runs/snippets';
import type { PanelModel } from './model';

/** Which model of a run to load; null where it has none. */
function addressOf(run: Run): ModelAddress | null {
  const output = latestModel(run);
  if (output) {
    return { modelId: output.modelId };
  }
  const path = [...modelPathsOfTag(run.tags)].pop();
  return path === undefined ? null : { runId: run.runId, path };
}

/** Code that gives the same table. */
function tableCode(model: PanelModel): string | null {
  const { runs } = model;
  const { selection } = runs.view ?? {};
  if (!selection) {
    return null;
  }
  const text = runs.filterProblem ? '' : runs.filterText;
  const filter = readFilter(text);
  return tableSnippet({
    selection,
    filter: filter.kind === 'expression' ? filter.expression : null,
    sort: runs.sort,
    runIds: runs.matchingIds(),
    isFiltered: text !== ''
  });
}

/** The code that “Insert code” inserts; null where there is nothing to insert. */
export async function snippetCode(
  model: PanelModel,
  snippet: InsertCodeArgs['snippet'],
  runId: RunId | null
): Promise<string | null> {
  const { session } = model;
  if (snippet === 'table') {
    return tableCode(model);
  }
  if (!session || runId === null) {
    return null;
  }
  const run = await session.client.getRun(runId);
  if (snippet === 'params') {
    return paramsSnippet(run.params);
  }
  if (snippet === 'history') {
    return historySnippet(
      runId,
      run.metrics.map(({ key }) => key)
    );
  }
  const address = addressOf(run);
  return address && loadModelSnippet(address);
}
