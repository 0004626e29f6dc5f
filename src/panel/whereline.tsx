import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { formatClock } from '../base/format';
import type { Connection } from '../tokens';
import type { MenuEntry } from '../ui/menu';
import { connectionEntries } from './connectionmenu';
import { whereEntries } from './menus';
import type { PanelParts } from './parts';
import { stateSince, stateWord } from './places';
import { openPanelMenu } from './toolbar';

/** The label of where runs really go: the kernel's own word for its own URI. */
function placeLabel(parts: PanelParts, connection: Connection): string {
  const kernel = parts.model.notebook?.kernel;
  const own = kernel?.trackingKind === 'own' ? kernel.trackingLabel : '';
  return own || connection.label;
}

function stateSentences(
  connection: Connection,
  trans: TranslationBundle
): readonly (string | null)[] {
  const { label, message } = connection;
  return [`${label}: ${stateSince(connection, trans)}.`, message];
}

/** There is nothing to choose here. */
function isForced({ model: { tracking } }: PanelParts): boolean {
  const { hasServer, mayAdd, connections } = tracking;
  return hasServer === true && !mayAdd && connections.length === 1;
}

/** Where runs go, in which state, since when, and who has chosen that. */
function tooltip(parts: PanelParts): string {
  const { trans } = parts.options;
  const { notebook, session } = parts.model;
  const toldAtMs = notebook?.kernel?.toldAtMs;
  const sentences = [
    notebook && trans.__('Runs of this notebook go here.'),
    toldAtMs && trans.__('The kernel was told at %1.', formatClock(toldAtMs)),
    ...(session ? stateSentences(session.connection, trans) : []),
    isForced(parts) && trans.__('The administrator has chosen this connection.')
  ];
  return sentences.filter(Boolean).join(' ');
}

/** Open a menu whose entries may need a moment. */
function openSoon(
  parts: PanelParts,
  anchor: Element,
  read: () => Promise<readonly MenuEntry[]>
): void {
  void read().then(entries => openPanelMenu(parts, anchor, entries));
}

/** Connection and its state; a click lists the connections. */
function ConnectionChip(props: {
  parts: PanelParts;
  connection: Connection;
}): React.ReactElement {
  const { parts, connection } = props;
  const { trans } = parts.options;
  return (
    <button
      type="button"
      className="jp-Experiments-connection"
      aria-haspopup="menu"
      title={tooltip(parts)}
      onClick={event =>
        openSoon(parts, event.currentTarget, async () => {
          await parts.connections.look();
          return connectionEntries(parts);
        })
      }
    >
      <span
        className={`jp-Experiments-dot jp-mod-${connection.state}`}
        role="img"
        aria-label={stateWord(connection, trans)}
      />
      <span className="jp-Experiments-place">
        {placeLabel(parts, connection)}
      </span>
    </button>
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

/** Experiment that the notebook logs to; a click opens the menu. */
function ExperimentName(props: {
  parts: PanelParts;
  name: string;
  onOpen: (anchor: Element) => void;
}): React.ReactElement {
  const { parts, name, onOpen } = props;
  const { trans } = parts.options;
  return (
    <>
      <button
        type="button"
        className="jp-Experiments-whereExperiment"
        aria-haspopup="menu"
        title={trans.__('Runs of this notebook go to the experiment %1.', name)}
        onClick={event => onOpen(event.currentTarget)}
      >
        <editIcon.react tag="span" width="14px" height="14px" />
        <span className="jp-Experiments-whereName">{name}</span>
      </button>
      {parts.model.session && (
        <span className="jp-Experiments-muted">{trans.__('on')}</span>
      )}
    </>
  );
}

/** Where runs go: experiment, connection, its state; clicks open menus. */
export function WhereLine(props: {
  parts: PanelParts;
  isWide: boolean;
}): React.ReactElement {
  const { parts, isWide } = props;
  const { trans } = parts.options;
  const { session } = parts.model;
  const name = experimentName(parts);
  const line = React.useRef<HTMLDivElement>(null);
  const open = (anchor: Element): void =>
    openSoon(parts, line.current ?? anchor, () => whereEntries(parts));
  return (
    <div ref={line} className="jp-Experiments-where">
      {name !== null && (
        <ExperimentName parts={parts} name={name} onOpen={open} />
      )}
      {session && (
        <ConnectionChip parts={parts} connection={session.connection} />
      )}
      {isWide && <Autologging parts={parts} />}
      <button
        type="button"
        className="jp-Experiments-whereMore"
        aria-haspopup="menu"
        aria-label={trans.__('Where runs go')}
        title={tooltip(parts)}
        onClick={event => open(event.currentTarget)}
      >
        <caretDownIcon.react tag="span" width="16px" height="16px" />
      </button>
    </div>
  );
}
