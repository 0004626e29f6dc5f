import { closeIcon, ellipsesIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../commands';
import { IconButton } from '../ui/iconbutton';
import type { PanelParts } from './parts';
import { openPanelMenu } from './toolbar';

/** What can be done to the checked runs; takes the where-line's place. */
export function CheckedBar(props: { parts: PanelParts }): React.ReactElement {
  const { parts } = props;
  const { commands, trans } = parts.options;
  const { runs } = parts.model;
  const runIds = [...runs.checked.runIds];
  const hidden = runs.hiddenCheckedCount;
  const button = (label: string, command: string): React.ReactElement => (
    <button
      type="button"
      className="jp-Experiments-secondary"
      onClick={() => void commands.execute(command, { runIds })}
    >
      {label}
    </button>
  );
  return (
    <div className="jp-Experiments-checkedBar" role="status">
      <span>{trans.__('%1 selected', runIds.length)}</span>
      {hidden > 0 && (
        <span className="jp-Experiments-muted">
          {trans._n(
            '%1 hidden by the filter',
            '%1 hidden by the filter',
            hidden
          )}
        </span>
      )}
      {button(trans.__('Compare'), CommandIDs.compareRuns)}
      {button(trans.__('Tag…'), CommandIDs.editTags)}
      {button(trans.__('Delete'), CommandIDs.deleteRuns)}
      <span className="jp-Experiments-space" />
      <IconButton
        icon={ellipsesIcon}
        title={trans.__('More')}
        hasMenu
        onClick={anchor =>
          openPanelMenu(parts, anchor, [
            {
              label: trans.__('Copy as a table'),
              run: () => void commands.execute(CommandIDs.copyRows, { runIds })
            },
            {
              label: trans.__('Restore'),
              run: () =>
                void commands.execute(CommandIDs.restoreRuns, { runIds })
            }
          ])
        }
      />
      <IconButton
        icon={closeIcon}
        title={trans.__('Clear the selection')}
        onClick={() => {
          runs.checked.clear();
          parts.focusGrid();
        }}
      />
    </div>
  );
}
