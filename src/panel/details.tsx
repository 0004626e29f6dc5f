import * as React from 'react';
import type { RunsArgs } from '../commands';
import { CommandIDs } from '../commands';
import type { Run } from '../mlflow/entities';
import { userTags } from '../mlflow/tags';
import { diffValues, valuesOfRun } from '../runs/diff';
import { foldEqual } from '../runs/folding';
import { beforeText } from '../runs/texts';
import { FoldHead } from '../ui/fold';
import { Changes, Link, Values, metricPairs, textPairs } from './detailparts';
import { DetailsHead } from './detailshead';
import {
  ArtifactsBody,
  DatasetsBody,
  FactsBody,
  ModelLine
} from './detailsmore';
import type { Fold } from './detailsmodel';
import type { PanelParts } from './parts';

/** A part of the details that unfolds. */
function Part(props: {
  parts: PanelParts;
  fold: Fold;
  label: React.ReactNode;
  count?: number;
  isLine?: boolean;
  children: React.ReactNode;
}): React.ReactElement {
  const { parts, fold, label, count, children } = props;
  const isOpen = parts.details.isOpen(fold);
  const isWhole = isOpen || props.isLine;
  return (
    <div className={`jp-Experiments-part${isWhole ? ' jp-mod-open' : ''}`}>
      <FoldHead
        label={label}
        count={count}
        isOpen={isOpen}
        onToggle={() => parts.details.toggle(fold)}
      />
      {isOpen && children}
    </div>
  );
}

function ChangedPart(props: {
  parts: PanelParts;
  run: Run;
}): React.ReactElement | null {
  const { parts, run } = props;
  const { before } = parts.details;
  const { trans } = parts.options;
  if (!before) {
    return null;
  }
  const span = (run.startTimeMs ?? 0) - (before.startTimeMs ?? 0);
  const difference = diffValues(
    valuesOfRun(before),
    valuesOfRun(run),
    parts.model.runs.choices
  );
  return (
    <Part
      parts={parts}
      fold="changed"
      isLine
      label={
        <>
          {trans.__('Changed since %1,', before.runName)}{' '}
          <span className="jp-Experiments-muted">
            {beforeText(span, trans)}
          </span>
        </>
      }
    >
      <Changes parts={parts} difference={difference} />
    </Part>
  );
}

/** Keys that are equal in all shown runs. */
function useFolded(
  parts: PanelParts
): Readonly<{ metrics: ReadonlySet<string>; params: ReadonlySet<string> }> {
  const { runs } = parts.model;
  const { table } = runs;
  return React.useMemo(() => {
    const rows = runs.matchingIds().flatMap(id => table.rows.get(id) ?? []);
    const { metrics, params } = foldEqual(table, rows);
    return {
      metrics: new Set(metrics.folded),
      params: new Set(params.folded)
    };
  }, [table, runs.matchCount]);
}

function NoTags(props: { parts: PanelParts; run: Run }): React.ReactElement {
  const { commands, trans } = props.parts.options;
  const args = { runIds: [props.run.runId] } satisfies RunsArgs;
  return (
    <>
      {trans.__('No tags.')}{' '}
      <Link
        label={trans.__('Add')}
        title={trans.__('Tags…')}
        onClick={() => void commands.execute(CommandIDs.editTags, args)}
      />
    </>
  );
}

function ValueParts(props: {
  parts: PanelParts;
  run: Run;
}): React.ReactElement {
  const { parts, run } = props;
  const { trans } = parts.options;
  const folded = useFolded(parts);
  const tags = userTags(run.tags);
  return (
    <>
      <Part
        parts={parts}
        fold="metrics"
        label={trans.__('Metrics')}
        count={run.metrics.length}
      >
        <Values
          parts={parts}
          pairs={metricPairs(run)}
          folded={folded.metrics}
          empty={trans.__('No metrics.')}
        />
      </Part>
      <Part
        parts={parts}
        fold="params"
        label={trans.__('Params')}
        count={run.params.length}
      >
        <Values
          parts={parts}
          pairs={textPairs(run.params)}
          folded={folded.params}
          empty={trans.__('No params.')}
        />
      </Part>
      <Part
        parts={parts}
        fold="tags"
        label={trans.__('Tags')}
        count={tags.length}
      >
        <Values
          parts={parts}
          pairs={textPairs(tags)}
          folded={new Set()}
          empty={<NoTags parts={parts} run={run} />}
        />
      </Part>
    </>
  );
}

function MoreParts(props: { parts: PanelParts; run: Run }): React.ReactElement {
  const { parts, run } = props;
  const { details, options } = parts;
  const { trans } = options;
  return (
    <>
      <ModelLine parts={parts} run={run} />
      <Part
        parts={parts}
        fold="artifacts"
        label={trans.__('Artifacts')}
        count={details.artifacts?.length}
      >
        <ArtifactsBody parts={parts} run={run} />
      </Part>
      {run.datasetInputs.length > 0 && (
        <Part
          parts={parts}
          fold="datasets"
          label={trans.__('Datasets')}
          count={run.datasetInputs.length}
        >
          <DatasetsBody run={run} />
        </Part>
      )}
      <Part parts={parts} fold="facts" label={trans.__('About')}>
        <FactsBody parts={parts} run={run} />
      </Part>
    </>
  );
}

/** What is known of the selected run, below the rows. */
export function Details(props: {
  parts: PanelParts;
  run: Run;
  isNarrow: boolean;
}): React.ReactElement {
  const { parts, run, isNarrow } = props;
  const { trans } = parts.options;
  return (
    <section
      className="jp-Experiments-details"
      aria-label={trans.__('Details of %1', run.runName)}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          parts.model.closeDetails();
          parts.focusGrid();
        }
      }}
    >
      <DetailsHead parts={parts} run={run} isNarrow={isNarrow} />
      <div className="jp-Experiments-detailsBody">
        <ChangedPart parts={parts} run={run} />
        <div className="jp-Experiments-parts">
          <ValueParts parts={parts} run={run} />
          <MoreParts parts={parts} run={run} />
        </div>
      </div>
    </section>
  );
}
