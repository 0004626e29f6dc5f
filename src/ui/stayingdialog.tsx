import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ISignal } from '@lumino/signaling';
import type * as React from 'react';

const ACCEPT = 1;

/** The form that such a dialog shows, and what its accepting button does. */
export type StayingForm<T> = Readonly<{
  title: string;
  className: string;
  body: React.ReactElement;
  /** Emitted when one of the answers below may be another. */
  changed: ISignal<unknown, void>;
  /** Label of the accepting button now. */
  label: () => string;
  /** Whether the accepting button cannot be pressed now. */
  isRefused: () => boolean;
  /** Whether the server is at it: nothing can be cancelled. */
  isBusy: () => boolean;
  /** Resolves with null where it did not succeed: the dialog stays. */
  accept: () => Promise<T | null>;
  /** Tags of the elements to which Enter belongs; elsewhere it accepts. */
  ownEnter: readonly string[];
  dispose: () => void;
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

/** JupyterLab's dialog, which stays open until a server has answered. */
class StayingDialog<T> extends Dialog<unknown> {
  constructor(
    private readonly _form: StayingForm<T>,
    trans: TranslationBundle
  ) {
    const renderer = new ButtonRenderer();
    super({
      title: _form.title,
      body: ReactWidget.create(_form.body),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: _form.label() })
      ],
      focusNodeSelector: 'input',
      renderer
    });
    this.addClass(_form.className);
    this._renderer = renderer;
    _form.changed.connect(this._onFormChanged, this);
    this._onFormChanged();
  }

  async ask(): Promise<T | null> {
    try {
      await this.launch();
      return this._accepted;
    } finally {
      this.dispose();
      // Clears the form's signals, and with them this dialog's connection.
      this._form.dispose();
    }
  }

  /** The accepting button acts first, and closes on success only. */
  override resolve(index = ACCEPT): void {
    if (index !== ACCEPT) {
      super.resolve(index);
      return;
    }
    void this._form.accept().then(accepted => {
      if (accepted !== null) {
        this._accepted = accepted;
        super.resolve(ACCEPT);
      } else {
        this.node.querySelector<HTMLElement>('input')?.focus();
      }
    });
  }

  override reject(): void {
    if (!this._form.isBusy()) {
      super.reject();
    }
  }

  protected override _evtKeydown(event: KeyboardEvent): void {
    const { tagName } = event.target as HTMLElement;
    const isOwn = this._form.ownEnter.includes(tagName);
    if (event.key === 'Enter' && (isOwn || event.isComposing)) {
      return;
    }
    super._evtKeydown(event);
  }

  private _onFormChanged(): void {
    const node = this._renderer.acceptNode;
    const label = node?.querySelector('.jp-Dialog-buttonLabel');
    if (node && label) {
      node.disabled = this._form.isRefused();
      label.textContent = this._form.label();
    }
  }

  private readonly _renderer: ButtonRenderer;
  private _accepted: T | null = null;
}

/** Ask by a form; null when the person cancels. Disposes the form. */
export function askStaying<T>(
  form: StayingForm<T>,
  trans: TranslationBundle
): Promise<T | null> {
  // eslint-disable-next-line jupyter/require-disposable-ownership -- asking ends with its disposal
  return new StayingDialog(form, trans).ask();
}
