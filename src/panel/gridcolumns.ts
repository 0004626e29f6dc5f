import type { TranslationBundle } from '@jupyterlab/translation';
import type { MetricColumn } from '../runs/columns';
import type { RunsModel } from '../runs/model';
import type { GridColumn } from '../table/rows';

/** `narrow` drops When; `wide` has two columns more. */
export type PanelWidth = 'narrow' | 'normal' | 'wide';

const WIDE_FROM = 420;
const NORMAL_FROM = 290;

/** How wide the panel is, in steps. */
export function panelWidth(widthPx: number): PanelWidth {
  if (widthPx >= WIDE_FROM) {
    return 'wide';
  }
  return widthPx >= NORMAL_FROM ? 'normal' : 'narrow';
}

// A narrow panel has no room for the small curve.
const MAIN_WIDTHS = { narrow: 58, normal: 86, wide: 122 } as const;

type ColumnFacts = Readonly<{
  runs: RunsModel;
  width: PanelWidth;
  trans: TranslationBundle;
}>;

/** Column of the runs by which a column of the grid is sorted. */
export function sortColumnOf(columnId: string): string | null {
  const names: Readonly<Record<string, string>> = {
    name: 'run_name',
    when: 'start_time',
    took: 'took'
  };
  return names[columnId] ?? (columnId.startsWith('metrics.') ? columnId : null);
}

function sortedOf(facts: ColumnFacts, columnId: string): GridColumn['sorted'] {
  const [key] = facts.runs.sort;
  return key && key.column === sortColumnOf(columnId) ? key.direction : null;
}

function metricColumn(
  facts: ColumnFacts,
  metric: MetricColumn,
  width: number
): GridColumn {
  const { runs, trans } = facts;
  const id = `metrics.${metric.key}`;
  const better =
    metric.direction === 'higher'
      ? trans.__('Higher is better.')
      : trans.__('Lower is better.');
  const count = trans.__(
    'In %1 of %2 runs.',
    metric.runCount,
    runs.table.rowCount
  );
  return {
    id,
    label: metric.key,
    title: `${id}. ${better} ${count}`,
    width,
    isRight: true,
    better: metric.direction,
    sorted: sortedOf(facts, id)
  };
}

function plainColumn(
  facts: ColumnFacts,
  id: string,
  look: Pick<GridColumn, 'label' | 'title' | 'width' | 'isRight'>
): GridColumn {
  return { id, better: null, sorted: sortedOf(facts, id), ...look };
}

function metricColumns(facts: ColumnFacts): readonly GridColumn[] {
  const { runs, width } = facts;
  const main = runs.mainMetric;
  const second = width === 'wide' ? runs.secondMetric : null;
  return [
    ...(main ? [metricColumn(facts, main, MAIN_WIDTHS[width])] : []),
    ...(second ? [metricColumn(facts, second, 68)] : [])
  ];
}

/** The columns of the panel's grid. */
export function gridColumns(facts: ColumnFacts): readonly GridColumn[] {
  const { width, trans } = facts;
  const isWide = width === 'wide';
  const name = plainColumn(facts, 'name', {
    label: trans.__('Name'),
    title: trans.__('Name of the run'),
    width: null,
    isRight: false
  });
  const changed = plainColumn(facts, 'changed', {
    label: trans.__('Changed'),
    title: trans.__('What differs from the run before it of the same cell'),
    width: isWide ? 80 : 68,
    isRight: false
  });
  const took = plainColumn(facts, 'took', {
    label: trans.__('Took'),
    title: trans.__('How long the run took'),
    width: 46,
    isRight: true
  });
  const when = plainColumn(facts, 'when', {
    label: trans.__('When'),
    title: trans.__('When the run started'),
    width: isWide ? 46 : 40,
    isRight: true
  });
  return [
    name,
    ...metricColumns(facts),
    changed,
    ...(isWide ? [took] : []),
    ...(width === 'narrow' ? [] : [when])
  ];
}
