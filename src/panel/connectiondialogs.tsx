import { Clipboard, Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { Connection, IConnectionDesk } from '../tokens';
import { WithCode } from '../ui/notice';
import { ConnectionBody } from './connectionbody';
import { ConnectionForm } from './connectionform';

const ADD = 1;

/** A connection that was added, and whether the notebook is to log there. */
export type Added = Readonly<{ connection: Connection; isChosen: boolean }>;

type AskOptions = Readonly<{
  desk: IConnectionDesk;
  hasNotebook: boolean;
  trans: TranslationBundle;
}>;

/** A renderer that remembers the node of the accepting button. */
class ButtonRenderer extends Dialog.Renderer {
  override createButtonNode(button: Dialog.IButton): HTMLButtonElement {
    const node = super.createButtonNode(button);
    if (button.accept) {
      this.acceptNode = node;
    }
    return node;
  }

  acceptNode: HTMLButtonElement | null = null;
}

/** JupyterLab's dialog, which stays open until the server has answered. */
class ConnectionDialog extends Dialog<unknown> {
  constructor(
    private readonly _form: ConnectionForm,
    private readonly _options: AskOptions
  ) {
    const renderer = new ButtonRenderer();
    const { trans, hasNotebook } = _options;
    super({
      title: trans.__('Add a connection'),
      body: ReactWidget.create(
        <ConnectionBody form={_form} hasNotebook={hasNotebook} trans={trans} />
      ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Add') })
      ],
      focusNodeSelector: 'input',
      renderer
    });
    this.addClass('jp-Experiments-connectionDialog');
    this._renderer = renderer;
    _form.changed.connect(this._onFormChanged, this);
    this._onFormChanged();
  }

  /** What was added; null when it was cancelled. Closes the form. */
  async ask(): Promise<Added | null> {
    try {
      await this.launch();
      return this._added;
    } finally {
      this.dispose();
      // Clears the form's signals, and with them this dialog's connection.
      this._form.dispose();
    }
  }

  /** The accepting button adds first, and closes on success only. */
  override resolve(index = ADD): void {
    if (index !== ADD) {
      super.resolve(index);
      return;
    }
    void this._form.add().then(connection => {
      if (connection) {
        const { hasNotebook } = this._options;
        const { isChosen } = this._form.state;
        this._added = { connection, isChosen: isChosen || !hasNotebook };
        super.resolve(ADD);
      } else {
        this.node.querySelector<HTMLElement>('input')?.focus();
      }
    });
  }

  /** Nothing can be cancelled while the server is at it. */
  override reject(): void {
    if (!this._form.state.isAdding) {
      super.reject();
    }
  }

  /** Enter on a button or a fold's head is for that; elsewhere it adds. */
  protected override _evtKeydown(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const isOwn = /^(SUMMARY|BUTTON)$/.test(target.tagName);
    if (event.key === 'Enter' && (isOwn || event.isComposing)) {
      return;
    }
    super._evtKeydown(event);
  }

  private _onFormChanged(): void {
    const node = this._renderer.acceptNode;
    const label = node?.querySelector('.jp-Dialog-buttonLabel');
    if (node && label) {
      const { trans } = this._options;
      const { isAdding } = this._form.state;
      node.disabled = isAdding || !this._form.isFilled;
      label.textContent = isAdding ? trans.__('Adding…') : trans.__('Add');
    }
  }

  private readonly _renderer: ButtonRenderer;
  private _added: Added | null = null;
}

/** Ask for a connection, and add it; null when the person cancels. */
export function askConnection(options: AskOptions): Promise<Added | null> {
  const form = new ConnectionForm(options.desk);
  // eslint-disable-next-line jupyter/require-disposable-ownership -- asking ends with its disposal
  return new ConnectionDialog(form, options).ask();
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
