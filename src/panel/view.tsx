import * as React from 'react';
import { CommandIDs } from '../commands';
import type { RunsModel } from '../runs/model';
import { filterSentence } from '../runs/texts';
import { isUnfinished } from '../table/completions';
import { FilterBox } from '../table/filterbox';
import { Banner, EmptyState } from '../ui/notice';
import { actOnBanner, currentBanner } from './banneracts';
import { CheckedBar } from './checkedbar';
import { Details } from './details';
import type { EmptyAct, EmptyText } from './empties';
import { emptyOf } from './empties';
import { Footer } from './footer';
import type { PanelParts } from './parts';
import { RunsGrid } from './runsgrid';
import { Splitter } from './splitter';
import { Toolbar } from './toolbar';
import { useNow, useParts, useWidth } from './usepanel';
import { WhereLine } from './whereline';

function actOnEmpty(parts: PanelParts, act: EmptyAct): void {
  const { model, options } = parts;
  const { scope, notebook, runs } = model;
  const acts: Readonly<Record<EmptyAct, () => void>> = {
    showAll: () => model.setScope({ kind: 'all' }),
    insertExample: () =>
      void options.commands.execute(CommandIDs.insertExample),
    clearFilter: () => runs.setFilter(''),
    logHere: () =>
      scope.kind === 'experiment' && void notebook?.chooseExperiment(scope.name)
  };
  acts[act]();
}

function CurrentBanner(props: {
  parts: PanelParts;
  nowMs: number;
}): React.ReactElement | null {
  const { parts, nowMs } = props;
  const banner = currentBanner(parts, nowMs);
  return (
    banner && (
      <Banner
        text={banner.text}
        tone={banner.tone}
        actions={banner.acts.map(({ act, label }) => ({
          label,
          run: () => actOnBanner(parts, act)
        }))}
      />
    )
  );
}

/** Nobody has ever told whether there are runs. */
function isUnknown({ freshness, table }: RunsModel): boolean {
  const { phase, asOfMs } = freshness;
  return phase === 'stale' && asOfMs === null && table.rowCount === 0;
}

/** The first answer is still to come. */
function isLoading({
  model: { runs, session, tracking }
}: PanelParts): boolean {
  const { phase, asOfMs } = runs.freshness;
  return (
    session?.connection.state !== 'absent' &&
    tracking.hasServer !== false &&
    asOfMs === null &&
    phase !== 'current' &&
    phase !== 'stale'
  );
}

function emptyText(parts: PanelParts): EmptyText | null {
  const { model, options } = parts;
  const { runs, notebook } = model;
  if (isUnknown(runs)) {
    const text = options.trans.__('Its runs appear as soon as it answers.');
    return { text, act: null };
  }
  return emptyOf(
    {
      scope: model.scope,
      notebook: notebook && (notebook.path.split('/').pop() ?? notebook.path),
      total: runs.table.rowCount,
      shown: runs.rowCount,
      isLoading: isLoading(parts)
    },
    options.trans
  );
}

function PanelFilter(props: { parts: PanelParts }): React.ReactElement {
  const { parts } = props;
  const { runs } = parts.model;
  const { trans } = parts.options;
  const problem = runs.filterProblem;
  const names = (prefix: string, keys: readonly { key: string }[]): string[] =>
    keys.map(({ key }) => `${prefix}.${key}`);
  return (
    <FilterBox
      text={runs.filterText}
      error={
        problem && {
          message: filterSentence(problem, trans),
          position: problem.position
        }
      }
      completions={[
        ...names('metrics', runs.keys.metrics),
        ...names('params', runs.keys.params),
        ...names('tags', runs.keys.tags)
      ]}
      onChange={text => {
        // Rows stay while an expression is begun.
        if (!isUnfinished(text)) {
          runs.setFilter(text);
        }
      }}
      onLeave={() => {
        parts.isFilterOpen = runs.filterText !== '';
        parts.redraw();
        parts.focusGrid();
      }}
      focusRequest={parts.filterRequest}
      trans={trans}
    />
  );
}

function Rows(props: {
  parts: PanelParts;
  width: 'narrow' | 'normal' | 'wide';
  nowMs: number;
}): React.ReactElement {
  const { parts, width, nowMs } = props;
  const empty = emptyText(parts);
  return empty ? (
    <EmptyState
      text={empty.text}
      action={
        empty.act && {
          label: empty.act.label,
          run: () => empty.act && actOnEmpty(parts, empty.act.act)
        }
      }
    />
  ) : (
    <RunsGrid parts={parts} width={width} nowMs={nowMs} />
  );
}

/** The panel whole. */
export function PanelView(props: { parts: PanelParts }): React.ReactElement {
  const { parts } = props;
  const root = React.useRef<HTMLDivElement>(null);
  useParts(parts);
  const nowMs = useNow(parts);
  const width = useWidth(root);
  const isWide = width === 'wide';
  const { run } = parts.details;
  const isChecked = parts.model.runs.checked.size > 1;
  const filter = <PanelFilter parts={parts} />;
  return (
    <div ref={root} className={`jp-Experiments-panelView jp-mod-${width}`}>
      <Toolbar parts={parts} filter={isWide ? filter : null} />
      {!isWide && parts.isFilterOpen && filter}
      {isChecked ? (
        <CheckedBar parts={parts} />
      ) : (
        <WhereLine parts={parts} isWide={isWide} />
      )}
      <CurrentBanner parts={parts} nowMs={nowMs} />
      <Rows parts={parts} width={width} nowMs={nowMs} />
      {run && (
        <Splitter parts={parts}>
          <Details parts={parts} run={run} isNarrow={width === 'narrow'} />
        </Splitter>
      )}
      <Footer parts={parts} />
      <div className="jp-Experiments-spoken" role="status" aria-live="polite">
        {parts.spoken}
      </div>
    </div>
  );
}
