import { caretDownIcon, editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { formatClock } from '../base/format';
import type { Connection } from '../tokens';
import { whereEntries } from './menus';
import type { PanelParts } from './parts';
import { openPanelMenu } from './toolbar';

function stateWord(connection: Connection, parts: PanelParts): string {
  const { trans } = parts.options;
  const words: Readonly<Record<Connection['state'], string>> = {
    absent: trans.__('not made yet: the first run makes it'),
    idle: trans.__('at rest'),
    starting: trans.__('starting'),
    ready: trans.__('ready'),
    unavailable: trans.__('does not answer'),
    refused: trans.__('refused the login'),
    schema: trans.__('written by another MLflow'),
    forbidden: trans.__('not shown here')
  };
  return words[connection.state];
}

/** The label of where runs really go: the kernel's own word for its own URI. */
function placeLabel(parts: PanelParts, connection: Connection): string {
  const kernel = parts.model.notebook?.kernel;
  const own = kernel?.trackingKind === 'own' ? kernel.trackingLabel : '';
  return own || connection.label;
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
      <span className="jp-Experiments-place">
        {placeLabel(props.parts, connection)}
      </span>
    </>
  );
}

function Autologging(props: { parts: PanelParts }): React.ReactElement | null {
  const { model, options } = props.parts;
  return model.notebook?.kernel?.isAutologging ? (
    <span className="jp-Experiments-muted">
      · {options.trans.__('autologging on')}
    </span>
  ) : null;
}

/** Name of the experiment that the notebook logs to; null without one. */
function experimentName(parts: PanelParts): string | null {
  const { notebook } = parts.model;
  return notebook?.kernel?.experimentName ?? notebook?.name ?? null;
}

/** Where runs go: experiment, connection, its state; a click opens the menu. */
export function WhereLine(props: {
  parts: PanelParts;
  isWide: boolean;
}): React.ReactElement {
  const { parts, isWide } = props;
  const name = experimentName(parts);
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
      {name !== null && (
        <>
          <editIcon.react tag="span" width="14px" height="14px" />
          <span className="jp-Experiments-whereName">{name}</span>
        </>
      )}
      <Place parts={parts} />
      {isWide && <Autologging parts={parts} />}
      <span className="jp-Experiments-space" />
      <caretDownIcon.react tag="span" width="16px" height="16px" />
    </button>
  );
}
