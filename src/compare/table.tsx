import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { decimalsFor, formatNumber, printNumber } from '../base/format';
import type { Run } from '../mlflow/entities';
import { FoldHead } from '../ui/fold';
import type { Comparison, MetricRow, TextRow } from './rows';

type TableProps = Readonly<{
  runs: readonly Run[];
  comparison: Comparison;
  /** Metric whose curves are shown. */
  metricKey: string | null;
  onMetric: (key: string) => void;
  onOpen: (run: Run) => void;
  trans: TranslationBundle;
}>;

function Heads(props: TableProps): React.ReactElement {
  return (
    <thead>
      <tr>
        <td />
        {props.runs.map(run => (
          <th key={run.runId} scope="col" title={run.runId}>
            <button
              type="button"
              className="jp-Experiments-link"
              onClick={() => props.onOpen(run)}
            >
              {run.runName}
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function MetricCells(props: { row: MetricRow }): React.ReactElement {
  const { values, best } = props.row;
  const decimals = decimalsFor(values);
  return (
    <>
      {values.map((value, index) => (
        <td
          key={index}
          className={
            'jp-Experiments-number' +
            (best.includes(index) ? ' jp-mod-best' : '')
          }
          title={value === null ? undefined : printNumber(value)}
        >
          {formatNumber(value, decimals)}
        </td>
      ))}
    </>
  );
}

function MetricLine(
  props: TableProps & { row: MetricRow }
): React.ReactElement {
  const { row, metricKey, onMetric, trans } = props;
  const isShown = row.key === metricKey;
  return (
    <tr className={isShown ? 'jp-mod-selected' : ''}>
      <th scope="row">
        <button
          type="button"
          className="jp-Experiments-plain"
          aria-pressed={isShown}
          title={trans.__('Show the curves of %1', row.key)}
          onClick={() => onMetric(row.key)}
        >
          {row.key} {row.direction === 'higher' ? '↑' : '↓'}
        </button>
      </th>
      <MetricCells row={row} />
    </tr>
  );
}

function TextLine(props: { row: TextRow }): React.ReactElement {
  const { row } = props;
  return (
    <tr>
      <th scope="row">{row.key}</th>
      {row.values.map((value, index) => (
        <td key={index} title={value ?? undefined}>
          {value ?? '–'}
        </td>
      ))}
    </tr>
  );
}

function SectionHead(props: {
  label: string;
  columns: number;
}): React.ReactElement {
  return (
    <tr className="jp-Experiments-compareSection">
      <th scope="rowgroup" colSpan={props.columns + 1}>
        {props.label}
      </th>
    </tr>
  );
}

function TagRows(props: TableProps): React.ReactElement | null {
  const { comparison, runs, trans } = props;
  const [isOpen, setOpen] = React.useState(false);
  if (comparison.tags.length === 0) {
    return null;
  }
  return (
    <tbody>
      <tr className="jp-Experiments-compareSection">
        <th scope="rowgroup" colSpan={runs.length + 1}>
          <FoldHead
            label={trans.__('Tags')}
            count={comparison.tags.length}
            isOpen={isOpen}
            onToggle={() => setOpen(!isOpen)}
          />
        </th>
      </tr>
      {isOpen &&
        comparison.tags.map(row => <TextLine key={row.key} row={row} />)}
    </tbody>
  );
}

/** Runs as columns, what they hold as rows; the best metric values bold. */
export function CompareTable(props: TableProps): React.ReactElement {
  const { comparison, runs, trans } = props;
  const { metrics, params } = comparison;
  return (
    <table
      className="jp-Experiments-compareTable"
      aria-label={trans.__('Comparison of runs')}
    >
      <Heads {...props} />
      <tbody>
        <SectionHead label={trans.__('Metrics')} columns={runs.length} />
        {metrics.map(row => (
          <MetricLine key={row.key} {...props} row={row} />
        ))}
      </tbody>
      <tbody>
        <SectionHead label={trans.__('Params')} columns={runs.length} />
        {params.map(row => (
          <TextLine key={row.key} row={row} />
        ))}
      </tbody>
      <TagRows {...props} />
    </table>
  );
}
