import { caretDownIcon, editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { formatClock } from '../base/format';
import type { Connection } from '../tokens';
import { whereEntries } from './menus';
import type { PanelParts } from './parts';
import { openPanelMenu } from './toolbar';

function stateWord(connection: Connection, parts: PanelParts): string {
  const { trans } = parts.options;
  switch (connection.state) {
    case 'absent':
      return trans.__('not made yet: the first run makes it');
    case 'idle':
      return trans.__('at rest');
    case 'starting':
      return trans.__('starting');
    case 'ready':
      return trans.__('ready');
    case 'unavailable':
      return trans.__('does not answer');
    case 'refused':
      return trans.__('refused the login');
    case 'schema':
      return trans.__('written by another MLflow');
    case 'forbidden':
      return trans.__('not shown here');
  }
}

function tooltip(parts: PanelParts): string {
  const { trans } = parts.options;
  const { notebook, session } = parts.model;
  const toldAtMs = notebook?.kernel?.toldAtMs;
  return [
    notebook && trans.__('Runs of this notebook go here.'),
    toldAtMs && trans.__('The kernel was told at %1.', formatClock(toldAtMs)),
    session &&
      `${session.connection.label}: ${stateWord(session.connection, parts)}`,
    session?.connection.message
  ]
    .filter(Boolean)
    .join(' ');
}

function Place(props: { parts: PanelParts }): React.ReactElement | null {
  const { model, options } = props.parts;
  const { notebook, session } = model;
  const { trans } = options;
  if (!session) {
    return null;
  }
  const { connection } = session;
  const isOwn = notebook?.kernel?.trackingKind === 'own';
  const label = (isOwn && notebook?.kernel?.trackingLabel) || connection.label;
  return (
    <>
      {notebook && (
        <span className="jp-Experiments-muted">{trans.__('on')}</span>
      )}
      <span
        className={`jp-Experiments-dot jp-mod-${connection.state}`}
        role="img"
        aria-label={stateWord(connection, props.parts)}
      />
      <span className="jp-Experiments-place">{label}</span>
    </>
  );
}

/** Where runs go: experiment, connection, its state; a click opens the menu. */
export function WhereLine(props: {
  parts: PanelParts;
  isWide: boolean;
}): React.ReactElement {
  const { parts, isWide } = props;
  const { notebook } = parts.model;
  const { trans } = parts.options;
  const name = notebook?.kernel?.experimentName ?? notebook?.name;
  return (
    <button
      type="button"
      className="jp-Experiments-where"
      aria-haspopup="menu"
      title={tooltip(parts)}
      onClick={event => {
        const anchor = event.currentTarget;
        void whereEntries(parts).then(entries =>
          openPanelMenu(parts, anchor, entries)
        );
      }}
    >
      {name !== undefined && (
        <>
          <editIcon.react tag="span" width="14px" height="14px" />
          <span className="jp-Experiments-whereName">{name}</span>
        </>
      )}
      <Place parts={parts} />
      {isWide && notebook?.kernel?.isAutologging && (
        <span className="jp-Experiments-muted">
          · {trans.__('autologging on')}
        </span>
      )}
      <span className="jp-Experiments-space" />
      <caretDownIcon.react tag="span" width="16px" height="16px" />
    </button>
  );
}
