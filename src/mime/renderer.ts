import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { Panel, Widget } from '@lumino/widgets';
import { CONTRACT } from '../contract';

/** Before `text/html`, which stands beside it for other readers. */
const RANK = 30;

export type RunCardServices = Readonly<{
  commands: CommandRegistry;
  trans: TranslationBundle;
}>;

/** Makes the renderers of run cards in outputs. */
export function runCardFactory(
  services: RunCardServices
): IRenderMime.IRendererFactory {
  return {
    safe: true,
    mimeTypes: [CONTRACT.runMimeType],
    defaultRank: RANK,
    createRenderer: () => new RunCardRenderer(services)
  };
}

/** A run's card in the output of its cell. */
class RunCardRenderer extends Panel implements IRenderMime.IRenderer {
  constructor(private readonly _services: RunCardServices) {
    super();
    this.addClass('jp-Experiments-runCardOutput');
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const rendered = (this._rendered = {});
    const [{ decodeRunCard }, { RunCardWidget }] = await Promise.all([
      import('./payload'),
      import('./cardwidget')
    ]);
    if (this.isDisposed || rendered !== this._rendered) {
      return;
    }
    const card = decodeRunCard(model.data[CONTRACT.runMimeType]);
    [...this.widgets].forEach(widget => widget.dispose());
    this.addWidget(
      card
        ? new RunCardWidget({ card, ...this._services })
        : this._unreadable(model)
    );
  }

  /** A card of a later version: the text that was saved beside it. */
  private _unreadable(model: IRenderMime.IMimeModel): Widget {
    const text = new Widget();
    const saved = model.data['text/plain'];
    text.node.textContent =
      typeof saved === 'string'
        ? saved
        : this._services.trans.__(
            'This run card was written by another version.'
          );
    return text;
  }

  private _rendered = {};
}
