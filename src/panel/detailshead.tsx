import { caretDownIcon, ellipsesIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { formatDuration, formatElapsed } from '../base/format';
import { CommandIDs } from '../commands';
import type { Run } from '../mlflow/entities';
import { TagKeys, note, tagValue } from '../mlflow/tags';
import { IconButton } from '../ui/iconbutton';
import { compareIcon } from '../ui/icons';
import { markOf, markWord } from '../ui/marks';
import { StatusMark } from '../ui/statusmark';
import { Link } from './detailparts';
import { isWithoutModel } from './detailsmore';
import type { PanelParts } from './parts';
import { nextVersion } from './registrations';
import { runEntries } from './runmenu';
import { openPanelMenu } from './toolbar';

function took(run: Run): string {
  if (run.startTimeMs === null) {
    return '';
  }
  return run.endTimeMs === null
    ? formatElapsed(Date.now() - run.startTimeMs)
    : formatDuration(run.endTimeMs - run.startTimeMs);
}

/** Execution count of a cell of the notebook at hand, or null. */
function countNow(parts: PanelParts, cellId: string): number | null {
  const { notebook } = parts.model;
  return notebook?.hasCell(cellId) ? notebook.executionCount(cellId) : null;
}

function CellLink(props: {
  parts: PanelParts;
  run: Run;
  isNarrow: boolean;
}): React.ReactElement | null {
  const { parts, run, isNarrow } = props;
  const { commands, trans } = parts.options;
  const cellId = tagValue(run.tags, TagKeys.cellId);
  if (cellId === null) {
    return null;
  }
  const count =
    countNow(parts, cellId) ??
    tagValue(run.tags, TagKeys.executionCount) ??
    ' ';
  return (
    <Link
      label={isNarrow ? `[${count}]` : trans.__('cell [%1]', count)}
      title={trans.__('Show the cell that made this run')}
      isAway
      onClick={() =>
        void commands.execute(CommandIDs.showCell, {
          runId: run.runId,
          cellId
        })
      }
    />
  );
}

function registerLabel(parts: PanelParts): string {
  const { session, runs } = parts.model;
  const { trans } = parts.options;
  const next =
    session &&
    nextVersion(session.registrations, id => runs.table.rows.has(id));
  return next
    ? trans.__('Register %1 v%2', next.name, next.version)
    : trans.__('Register model');
}

function Buttons(props: {
  parts: PanelParts;
  run: Run;
  isNarrow: boolean;
}): React.ReactElement {
  const { parts, run, isNarrow } = props;
  const { commands, trans } = parts.options;
  const isWithout = isWithoutModel(parts, run);
  const compare = (): void =>
    void commands.execute(CommandIDs.compareWithBefore, { runId: run.runId });
  const label = trans.__('Compare with before');
  return (
    <div className="jp-Experiments-buttons">
      <button
        type="button"
        className="jp-Experiments-primary"
        aria-disabled={isWithout}
        title={
          isWithout
            ? trans.__(
                'This run has no model. Log one, or turn on autologging.'
              )
            : trans.__('Make this run’s model a version in the registry')
        }
        onClick={() => {
          if (!isWithout) {
            void commands.execute(CommandIDs.registerModel, {
              runId: run.runId
            });
          }
        }}
      >
        {registerLabel(parts)}
      </button>
      {parts.details.before &&
        (isNarrow ? (
          <IconButton icon={compareIcon} title={label} onClick={compare} />
        ) : (
          <Link label={label} title={label} onClick={compare} />
        ))}
    </div>
  );
}

/** First line of the details, the note, and the buttons. */
export function DetailsHead(props: {
  parts: PanelParts;
  run: Run;
  isNarrow: boolean;
}): React.ReactElement {
  const { parts, run, isNarrow } = props;
  const { commands, trans } = parts.options;
  const mark = parts.leftOpen.has(run.runId) ? 'left' : markOf(run.status);
  const error = tagValue(run.tags, TagKeys.error);
  const word = markWord(mark, error, trans);
  const text = note(run);
  return (
    <>
      <div className="jp-Experiments-detailsLine">
        <StatusMark status={mark} label={word} />
        <strong className="jp-Experiments-name" title={run.runName}>
          {run.runName}
        </strong>
        {!isNarrow && <span className="jp-Experiments-muted">{took(run)}</span>}
        <CellLink parts={parts} run={run} isNarrow={isNarrow} />
        <span className="jp-Experiments-space" />
        <Link
          label={trans.__('Open')}
          title={trans.__('Open the run in a tab')}
          onClick={() =>
            void commands.execute(CommandIDs.openRun, { runId: run.runId })
          }
        />
        <IconButton
          icon={ellipsesIcon}
          title={trans.__('More')}
          hasMenu
          onClick={anchor => openPanelMenu(parts, anchor, runEntries(parts))}
        />
        <IconButton
          icon={caretDownIcon}
          title={trans.__('Close the details')}
          onClick={() => {
            parts.model.closeDetails();
            parts.focusGrid();
          }}
        />
      </div>
      {mark === 'failed' && (
        <p className="jp-Experiments-errorLine" title={word}>
          {word}
        </p>
      )}
      {text && (
        <p className="jp-Experiments-note" title={text}>
          {text}
        </p>
      )}
      <Buttons parts={parts} run={run} isNarrow={isNarrow} />
    </>
  );
}
