import type { Message } from '@lumino/messaging';
import type { Widget } from '@lumino/widgets';
import { Panel } from '@lumino/widgets';
import { flaskDotIcon, flaskIcon } from '../ui/icons';
import type { PanelParts } from './parts';

/** A panel's parts and its content, made from a chunk of their own. */
export type LoadedPanel = Readonly<{ parts: PanelParts; content: Widget }>;

/** The panel as the shell holds it: light, its content comes when it is shown. */
export class PanelHost extends Panel {
  constructor(
    private readonly _load: () => Promise<LoadedPanel>,
    caption: string
  ) {
    super();
    this.id = 'experiments-panel';
    this.addClass('jp-Experiments-panel');
    this.title.icon = flaskIcon;
    this.title.caption = caption;
  }

  /** The parts, once they are loaded. */
  get parts(): PanelParts | null {
    return this._parts;
  }

  /** The parts; fetches their chunk if need be. */
  ready(): Promise<PanelParts> {
    this._ready ??= this._load().then(({ parts, content }) => {
      this._parts = parts;
      this.addWidget(content);
      parts.model.isVisible = this.isVisible;
      return parts;
    });
    return this._ready;
  }

  /** A run is going, seen from the closed panel. */
  set hasRunning(hasRunning: boolean) {
    this.title.icon = hasRunning && !this.isVisible ? flaskDotIcon : flaskIcon;
  }

  /** True while the focus is in the panel. */
  get hasFocus(): boolean {
    return this.node.contains(document.activeElement);
  }

  /** Give the focus to the rows, as soon as there are any. */
  async focusRows(): Promise<void> {
    const parts = await this.ready();
    // Waited for: a focus that comes later would be taken from the user.
    await new Promise<void>(resolve => {
      requestAnimationFrame(() => {
        parts.focusGrid();
        resolve();
      });
    });
  }

  override dispose(): void {
    this._parts?.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._show();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      this._show();
    }
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    if (this._parts) {
      this._parts.model.isVisible = false;
    }
  }

  private _show(): void {
    this.title.icon = flaskIcon;
    if (this._parts) {
      this._parts.model.isVisible = true;
    }
    void this.ready();
  }

  private _ready: Promise<PanelParts> | null = null;
  private _parts: PanelParts | null = null;
}
