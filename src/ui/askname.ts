import type { TranslationBundle } from '@jupyterlab/translation';
import { Dialog, InputDialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';

/** A question that a text answers. */
export type NameQuestion = Readonly<{
  title: string;
  label: string;
  okLabel: string;
  text?: string;
}>;

/** Ask for one line; null when the person cancels. */
export async function askName(
  question: NameQuestion,
  trans: TranslationBundle
): Promise<string | null> {
  const { text = '', ...rest } = question;
  const result = await InputDialog.getText({
    ...rest,
    text,
    cancelLabel: trans.__('Cancel')
  });
  return result.button.accept ? result.value : null;
}

class TextBody extends Widget implements Dialog.IBodyWidget<string> {
  constructor(label: string, text: string) {
    super();
    this.addClass('jp-Experiments-textBody');
    this._area.value = text;
    this._area.rows = 8;
    this._area.setAttribute('aria-label', label);
    this.node.append(this._area);
  }

  getValue(): string {
    return this._area.value;
  }

  private readonly _area = document.createElement('textarea');
}

/** Ask for several lines; null when the person cancels. */
export async function askText(
  question: NameQuestion,
  trans: TranslationBundle
): Promise<string | null> {
  const dialog = new Dialog<string>({
    title: question.title,
    body: new TextBody(question.label, question.text ?? ''),
    focusNodeSelector: 'textarea',
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: question.okLabel })
    ]
  });
  const result = await dialog.launch();
  return result.button.accept ? result.value : null;
}
