import { Clipboard, Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { Connection, IConnectionDesk } from '../tokens';
import { WithCode } from '../ui/notice';
import { askStaying } from '../ui/stayingdialog';
import { ConnectionBody } from './connectionbody';
import { ConnectionForm } from './connectionform';

/** A connection that was added, and whether the notebook is to log there. */
export type Added = Readonly<{ connection: Connection; isChosen: boolean }>;

type AskOptions = Readonly<{
  desk: IConnectionDesk;
  hasNotebook: boolean;
  trans: TranslationBundle;
}>;

async function added(
  form: ConnectionForm,
  hasNotebook: boolean
): Promise<Added | null> {
  const connection = await form.add();
  const isChosen = form.state.isChosen || !hasNotebook;
  return connection && { connection, isChosen };
}

/** Ask for a connection, and add it; null when the person cancels. */
export function askConnection(options: AskOptions): Promise<Added | null> {
  const { desk, hasNotebook, trans } = options;
  const form = new ConnectionForm(desk);
  return askStaying(
    {
      title: trans.__('Add a connection'),
      className: 'jp-Experiments-connectionDialog',
      body: (
        <ConnectionBody form={form} hasNotebook={hasNotebook} trans={trans} />
      ),
      changed: form.changed,
      label: () =>
        form.state.isAdding ? trans.__('Adding…') : trans.__('Add'),
      isRefused: () => form.state.isAdding || !form.isFilled,
      isBusy: () => form.state.isAdding,
      accept: () => added(form, hasNotebook),
      // A button, and a fold's head.
      ownEnter: ['SUMMARY', 'BUTTON'],
      dispose: () => form.dispose()
    },
    trans
  );
}

/** Say what a backup and an upgrade do; true when they are wanted. */
export async function confirmUpgrade(
  place: string,
  mlflowVersion: string | null,
  trans: TranslationBundle
): Promise<boolean> {
  const now = mlflowVersion ?? trans.__('of the Jupyter server');
  const sentences = [
    trans.__(
      'First a backup is written beside it, as `%1.<date>.backup`, and checked.',
      place
    ),
    trans.__('Then a copy is upgraded to MLflow %1, and takes its place.', now),
    trans.__(
      'Older versions of MLflow cannot open it afterwards; they can open the backup.'
    ),
    trans.__('Let no notebook log to it meanwhile.')
  ];
  return confirm(trans.__('Back up and upgrade %1?', place), sentences, {
    accept: trans.__('Back up and upgrade'),
    cancel: trans.__('Cancel')
  });
}

/** Say what a copy does; true when it is wanted. */
export async function confirmCopy(
  place: string,
  trans: TranslationBundle
): Promise<boolean> {
  const sentences = [
    trans.__(
      'The experiments, runs and models in %1 are copied into a new file `mlflow.db` beside it.',
      place
    ),
    trans.__(
      'The folder stays as it is. Artifacts stay where they are. A file that is there already is not touched.'
    )
  ];
  return confirm(trans.__('Copy the runs in %1?', place), sentences, {
    accept: trans.__('Copy'),
    cancel: trans.__('Cancel')
  });
}

/** Say how to run a connection's tracking server by another Python. */
export async function explainPython(
  setting: string,
  trans: TranslationBundle
): Promise<void> {
  const sentences = [
    trans.__(
      'Name the Python whose MLflow wrote the file in `jupyter_server_config.py`, then restart the Jupyter server:'
    ),
    `\`${setting}\``
  ];
  const isCopied = await confirm(trans.__('Use another Python'), sentences, {
    accept: trans.__('Copy'),
    cancel: trans.__('Close')
  });
  if (isCopied) {
    Clipboard.copyToSystem(setting);
  }
}

/** Show the last lines of a tracking server. */
export async function showLog(
  place: string,
  text: string,
  trans: TranslationBundle
): Promise<void> {
  const lines = text.trim() || trans.__('It has written nothing.');
  const result = await showDialog({
    title: trans.__('Log of %1', place),
    body: ReactWidget.create(
      <pre
        className="jp-Experiments-log"
        tabIndex={0}
        aria-label={trans.__('Log of %1', place)}
      >
        {lines}
      </pre>
    ),
    focusNodeSelector: 'pre',
    buttons: [
      Dialog.cancelButton({ label: trans.__('Copy') }),
      Dialog.okButton({ label: trans.__('Close') })
    ]
  });
  if (result.button.label === trans.__('Copy')) {
    Clipboard.copyToSystem(lines);
  }
}

async function confirm(
  title: string,
  sentences: readonly string[],
  labels: Readonly<{ accept: string; cancel: string }>
): Promise<boolean> {
  const result = await showDialog({
    title,
    body: ReactWidget.create(
      <div className="jp-Experiments-confirm">
        {sentences.map(sentence => (
          <p key={sentence}>
            <WithCode text={sentence} />
          </p>
        ))}
      </div>
    ),
    buttons: [
      Dialog.cancelButton({ label: labels.cancel }),
      Dialog.okButton({ label: labels.accept })
    ]
  });
  return result.button.accept;
}
