import * as React from 'react';
import { formatNumber, printNumber } from '../base/format';
import { Chart } from '../charts/chart';
import type { ChartTheme, Figure } from '../charts/figure';
import { lineFigure } from '../charts/figure';
import { bestPoint, seriesOf } from '../charts/series';
import type { HistoryPoint, Metric } from '../mlflow/entities';
import type { ColumnChoices } from '../runs/chosen';
import { directionOf } from '../runs/columns';
import { Sparkline } from '../table/sparkline';
import type { PageProps } from './actions';
import { metricOrder } from './curves';

type MetricProps = PageProps & { metric: Metric };

function BestValue(
  props: Pick<PageProps, 'trans'> & {
    points: readonly HistoryPoint[];
    metricKey: string;
    choices: ColumnChoices;
  }
): React.ReactElement | null {
  const best = bestPoint(
    props.points,
    directionOf(props.metricKey, props.choices)
  );
  return best && props.points.length > 1 ? (
    <span className="jp-Experiments-muted">
      {props.trans.__('best %1 at %2', formatNumber(best.value), best.step)}
    </span>
  ) : null;
}

function MetricChart(
  props: Pick<PageProps, 'trans'> & {
    points: readonly HistoryPoint[];
    metricKey: string;
  }
): React.ReactElement {
  const { points, metricKey, trans } = props;
  const figure = React.useCallback(
    (theme: ChartTheme): Figure =>
      lineFigure([{ name: metricKey, series: seriesOf(points) }], theme, {
        xTitle: trans.__('step')
      }),
    [points, metricKey, trans]
  );
  return (
    <Chart
      label={trans.__('Curve of %1', metricKey)}
      heightPx={180}
      figure={figure}
      words={{
        loading: trans.__('Loading the chart…'),
        failed: trans.__('The chart could not be loaded.'),
        tryAgain: trans.__('Try again')
      }}
    />
  );
}

function MetricRow(props: MetricProps): React.ReactElement {
  const { metric, model, run, trans } = props;
  const { key } = metric;
  const points = model.curves.points(key) ?? [];
  const hasCurve = points.length > 1;
  const isOpen = hasCurve && model.curves.isOpen(key);
  const arrow = directionOf(key, model.choices) === 'higher' ? '↑' : '↓';
  return (
    <li className="jp-Experiments-metric">
      <button
        type="button"
        className="jp-Experiments-metricHead"
        aria-expanded={isOpen}
        title={`${key} = ${printNumber(metric.value)}`}
        onClick={() => model.curves.toggle(key)}
      >
        <span className="jp-Experiments-metricKey">
          {key} {arrow}
        </span>
        {hasCurve && !isOpen && (
          <Sparkline
            values={points.map(point => point.value)}
            isLive={run.status === 'RUNNING'}
          />
        )}
        <span className="jp-Experiments-number">
          {formatNumber(metric.value)}
        </span>
        <BestValue
          points={points}
          metricKey={key}
          choices={model.choices}
          trans={trans}
        />
      </button>
      {isOpen && <MetricChart points={points} metricKey={key} trans={trans} />}
    </li>
  );
}

/** The run's metrics; a click draws one as a chart. */
export function RunMetrics(props: PageProps): React.ReactElement {
  const { run, model, trans } = props;
  const [words, setWords] = React.useState('');
  const byKey = new Map(run.metrics.map(metric => [metric.key, metric]));
  const metrics = metricOrder(run, model.choices.mainMetric)
    .filter(key => !key.startsWith('system/'))
    .filter(key => key.toLowerCase().includes(words.trim().toLowerCase()))
    .flatMap(key => byKey.get(key) ?? []);
  const count = run.metrics.filter(m => !m.key.startsWith('system/')).length;
  return (
    <section aria-label={trans.__('Metrics')}>
      <h3>
        {trans.__('Metrics %1', count)}
        {count > 1 && (
          <input
            type="search"
            data-lm-suppress-shortcuts="true"
            placeholder={trans.__('find')}
            aria-label={trans.__('Find a metric')}
            value={words}
            onChange={event => setWords(event.target.value)}
          />
        )}
      </h3>
      {count === 0 && <p>{trans.__('No metrics.')}</p>}
      <ul>
        {metrics.map(metric => (
          <MetricRow key={metric.key} {...props} metric={metric} />
        ))}
      </ul>
    </section>
  );
}
