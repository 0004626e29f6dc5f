import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { RegisterBody } from './registerbody';
import type { RegisterForm } from './registerform';
import type { Registered } from './registrar';

const REGISTER = 1;

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

/** JupyterLab's dialog, which stays open until the registry has answered. */
class RegisterDialog extends Dialog<unknown> {
  constructor(
    private readonly _form: RegisterForm,
    private readonly _trans: TranslationBundle,
    from: string
  ) {
    const renderer = new ButtonRenderer();
    super({
      title: _trans.__('Register model'),
      body: ReactWidget.create(
        <RegisterBody form={_form} trans={_trans} from={from} />
      ),
      buttons: [
        Dialog.cancelButton({ label: _trans.__('Cancel') }),
        Dialog.okButton({ label: _trans.__('Register') })
      ],
      focusNodeSelector: 'input',
      renderer
    });
    this.addClass('jp-Experiments-registerDialog');
    this._renderer = renderer;
    _form.changed.connect(this._onFormChanged, this);
    this._onFormChanged();
  }

  /** What was registered; null when it was cancelled. Closes the form. */
  async ask(): Promise<Registered | null> {
    try {
      await this.launch();
      return this._registered;
    } finally {
      this.dispose();
      // Clears the form's signals, and with them this dialog's connection.
      this._form.dispose();
    }
  }

  /** The accepting button registers first, and closes on success only. */
  override resolve(index = REGISTER): void {
    if (index !== REGISTER) {
      super.resolve(index);
      return;
    }
    void this._form.submit().then(registered => {
      if (registered) {
        this._registered = registered;
        super.resolve(REGISTER);
      } else {
        this.node.querySelector<HTMLElement>('input')?.focus();
      }
    });
  }

  /** Nothing can be cancelled while the registry is at it. */
  override reject(): void {
    if (!this._form.state.isRegistering) {
      super.reject();
    }
  }

  /** Enter belongs to a text of several lines and to a fold's head. */
  protected override _evtKeydown(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const isOwn = /^(TEXTAREA|SUMMARY)$/.test(target.tagName);
    if (event.key === 'Enter' && (isOwn || event.isComposing)) {
      return;
    }
    super._evtKeydown(event);
  }

  private _onFormChanged(): void {
    const node = this._renderer.acceptNode;
    const label = node?.querySelector('.jp-Dialog-buttonLabel');
    if (node && label) {
      const { isRegistering } = this._form.state;
      node.disabled = isRegistering || this._form.problem !== null;
      label.textContent = this._label();
    }
  }

  private _label(): string {
    const { isRegistering, target } = this._form.state;
    if (isRegistering) {
      return this._trans.__('Registering…');
    }
    return target
      ? this._trans.__('Register v%1', target.nextVersion)
      : this._trans.__('Register');
  }

  private readonly _renderer: ButtonRenderer;
  private _registered: Registered | null = null;
}

/** Ask, and register; null when the person cancels. */
export function askAndRegister(options: {
  form: RegisterForm;
  /** “network · cell [7] of quickstart.ipynb”. */
  from: string;
  trans: TranslationBundle;
}): Promise<Registered | null> {
  const { form, from, trans } = options;
  // eslint-disable-next-line jupyter/require-disposable-ownership -- asking ends with its disposal
  return new RegisterDialog(form, trans, from).ask();
}
