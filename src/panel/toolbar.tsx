import {
  caretDownIcon,
  ellipsesIcon,
  filterDotIcon,
  filterListIcon,
  tableRowsIcon
} from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../commands';
import { IconButton } from '../ui/iconbutton';
import { compareIcon } from '../ui/icons';
import type { MenuEntry } from '../ui/menu';
import { openMenu } from '../ui/menu';
import { moreEntries, panelColumnEntries, scopeEntries } from './menus';
import type { PanelParts } from './parts';

/** Open a menu whose focus goes back to the rows. */
export function openPanelMenu(
  parts: PanelParts,
  anchor: Element,
  entries: readonly MenuEntry[]
): void {
  openMenu(entries, { anchor, onClosed: () => parts.focusGrid() });
}

function scopeLabel(parts: PanelParts): string {
  const { scope } = parts.model;
  const { trans } = parts.options;
  if (scope.kind === 'experiment') {
    return trans.__('Experiment: %1', scope.name);
  }
  return scope.kind === 'all'
    ? trans.__('All experiments')
    : trans.__('This notebook');
}

function ScopeButton(props: { parts: PanelParts }): React.ReactElement {
  const { parts } = props;
  const label = scopeLabel(parts);
  return (
    <button
      type="button"
      className="jp-Experiments-scope"
      aria-haspopup="menu"
      title={parts.options.trans.__('Whose runs are shown: %1', label)}
      onClick={event => {
        const anchor = event.currentTarget;
        void scopeEntries(parts).then(entries =>
          openPanelMenu(parts, anchor, entries)
        );
      }}
    >
      <span className="jp-Experiments-scopeLabel">{label}</span>
      <caretDownIcon.react tag="span" width="16px" height="16px" />
    </button>
  );
}

/** Runs that ⇄ compares: the checked ones, else the active one and its before. */
function compare(parts: PanelParts): void {
  const { commands } = parts.options;
  const isMany = parts.model.runs.checked.size > 1;
  void commands.execute(
    isMany ? CommandIDs.compareRuns : CommandIDs.compareWithBefore,
    isMany ? { runIds: [...parts.model.runs.checked.runIds] } : {}
  );
}

function canCompare(parts: PanelParts): boolean {
  const { runs, activeId } = parts.model;
  return (
    runs.checked.size > 1 ||
    (activeId !== null && parts.beforeOf(activeId) !== null)
  );
}

/** With a dot while some rows are left out. */
function filterIcon(parts: PanelParts): LabIcon {
  return parts.model.runs.filterText ? filterDotIcon : filterListIcon;
}

/** Scope, filter, columns, compare, more. */
export function Toolbar(props: {
  parts: PanelParts;
  /** The filter's box, where there is room for it. */
  filter: React.ReactNode;
}): React.ReactElement {
  const { parts, filter } = props;
  const { trans } = parts.options;
  return (
    <div
      className="jp-Experiments-toolbar"
      role="toolbar"
      aria-label={trans.__('Experiments')}
    >
      <ScopeButton parts={parts} />
      {filter ?? <span className="jp-Experiments-space" />}
      {!filter && (
        <IconButton
          icon={filterIcon(parts)}
          title={trans.__('Filter')}
          isPressed={parts.isFilterOpen}
          onClick={() =>
            parts.isFilterOpen ? parts.closeFilter() : parts.openFilter()
          }
        />
      )}
      <IconButton
        icon={tableRowsIcon}
        title={trans.__('Columns')}
        hasMenu
        onClick={anchor =>
          openPanelMenu(parts, anchor, panelColumnEntries(parts))
        }
      />
      <IconButton
        icon={compareIcon}
        title={trans.__('Compare')}
        isDisabled={!canCompare(parts)}
        onClick={() => compare(parts)}
      />
      <IconButton
        icon={ellipsesIcon}
        title={trans.__('More')}
        hasMenu
        onClick={anchor => openPanelMenu(parts, anchor, moreEntries(parts))}
      />
    </div>
  );
}
