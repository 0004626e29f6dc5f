import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Chart } from '../charts/chart';
import type { ChartTheme, Figure } from '../charts/figure';
import { lineFigure } from '../charts/figure';
import { seriesOf } from '../charts/series';
import type { Run } from '../mlflow/entities';
import type { IChoices } from '../runs/choices';
import { Banner, EmptyState } from '../ui/notice';
import { useSignal } from '../ui/usesignal';
import type { ComparedCurve } from './model';
import { CompareModel } from './model';
import { CompareTable } from './table';

type PageProps = Readonly<{
  model: CompareModel;
  /** Open the page of one of the runs. */
  onOpen: (run: Run) => void;
  trans: TranslationBundle;
}>;

/** Names of runs; equal ones are told apart by their ids. */
export function curveNames(runs: readonly Run[]): readonly string[] {
  const isTaken = (run: Run): boolean =>
    runs.some(other => other !== run && other.runName === run.runName);
  return runs.map(run =>
    isTaken(run) ? `${run.runName} ${run.runId.slice(0, 6)}` : run.runName
  );
}

function Curves(props: {
  metricKey: string;
  curves: readonly ComparedCurve[];
  trans: TranslationBundle;
}): React.ReactElement {
  const { metricKey, curves, trans } = props;
  const figure = React.useCallback(
    (theme: ChartTheme): Figure => {
      const names = curveNames(curves.map(({ run }) => run));
      const drawn = curves.map(({ points }, index) => ({
        name: names[index],
        series: seriesOf(points)
      }));
      return lineFigure(drawn, theme, { xTitle: trans.__('step') });
    },
    [curves, trans]
  );
  return (
    <section className="jp-Experiments-compareCurves">
      <h3>{metricKey}</h3>
      <Chart
        label={trans.__('Curves of %1', metricKey)}
        heightPx={260}
        figure={figure}
        words={{
          loading: trans.__('Loading the chart…'),
          failed: trans.__('The chart could not be loaded.'),
          tryAgain: trans.__('Try again')
        }}
      />
    </section>
  );
}

function Failure(props: PageProps): React.ReactElement | null {
  const { model, trans } = props;
  return model.error === null ? null : (
    <Banner
      tone="error"
      text={model.error}
      actions={[
        { label: trans.__('Try again'), run: () => void model.refresh() }
      ]}
    />
  );
}

function OnlyDiffering(props: PageProps): React.ReactElement {
  const { model, trans } = props;
  return (
    <label className="jp-Experiments-compareOption">
      <input
        type="checkbox"
        checked={model.isOnlyDiffering}
        onChange={event => {
          model.isOnlyDiffering = event.target.checked;
        }}
      />
      {trans.__('Only what differs')}
    </label>
  );
}

/** Several runs beside each other. */
export function ComparePage(props: PageProps): React.ReactElement {
  const { model, trans, onOpen } = props;
  useSignal(model.changed);
  const { runs, comparison, metricKey, curves } = model;
  if (model.compared.length < 2) {
    return (
      <EmptyState
        text={trans.__('Check a second run to compare.')}
        action={null}
      />
    );
  }
  if (runs.length === 0) {
    return (
      <>
        <Failure {...props} />
        {model.isLoading && (
          <p role="status">{trans.__('Loading the runs…')}</p>
        )}
      </>
    );
  }
  const { metrics, params, tags } = comparison;
  return (
    <>
      <Failure {...props} />
      <OnlyDiffering {...props} />
      {metrics.length + params.length + tags.length === 0 && (
        <p>{trans.__('Nothing differs.')}</p>
      )}
      <CompareTable
        runs={runs}
        comparison={comparison}
        metricKey={metricKey}
        onMetric={key => void model.showCurves(key)}
        onOpen={onOpen}
        trans={trans}
      />
      {metricKey !== null && curves.some(({ points }) => points.length > 1) && (
        <Curves metricKey={metricKey} curves={curves} trans={trans} />
      )}
    </>
  );
}

/** The page of a comparison, as a widget for a tab. */
export class ComparePageWidget extends ReactWidget {
  constructor(
    private readonly _options: Omit<PageProps, 'model'> & {
      choices?: IChoices | null;
    }
  ) {
    super();
    this.model = new CompareModel(_options.choices);
    this.addClass('jp-Experiments-comparePage');
  }

  readonly model: CompareModel;

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override render(): React.ReactElement {
    const { trans, onOpen } = this._options;
    return <ComparePage model={this.model} trans={trans} onOpen={onOpen} />;
  }
}
