import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { MainAreaWidget } from '@jupyterlab/apputils';

const PREVIEW_CLASS = 'jp-Experiments-previewTab';

/**
 * One tab that shows one thing after the other, its title in italics, until
 * it is kept: edited, pinned by a double click on its tab, or dragged.
 */
export class PreviewTab<T extends MainAreaWidget> implements IDisposable {
  constructor() {
    document.addEventListener('dblclick', this._onDoubleClick);
  }

  /** The tab that may be used again, or null. */
  get tab(): T | null {
    return this._tab && !this._tab.isDisposed && this._isInPlace()
      ? this._tab
      : null;
  }

  /** Make a tab the one to use again. */
  set(tab: T): void {
    this.keep();
    this._tab = tab;
    tab.title.className = PREVIEW_CLASS;
    tab.title.dataset = { ...tab.title.dataset, experimentsTab: tab.id };
  }

  /** Note where the tab stands: elsewhere it has been dragged. */
  placed(): void {
    const tab = this._tab;
    // The bar draws its heads in the next frame.
    requestAnimationFrame(() => {
      if (tab && tab === this._tab) {
        this._bar = tabBarOf(tab);
      }
    });
  }

  /** From now on the tab is an ordinary one. */
  keep(): void {
    if (this._tab && !this._tab.isDisposed) {
      this._tab.title.className = '';
    }
    this._tab = null;
    this._bar = null;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    document.removeEventListener('dblclick', this._onDoubleClick);
    Signal.clearData(this);
  }

  private _isInPlace(): boolean {
    const bar = this._tab ? tabBarOf(this._tab) : null;
    const isDragged = this._bar !== null && bar !== null && bar !== this._bar;
    if (isDragged) {
      this.keep();
    }
    return !isDragged;
  }

  private readonly _onDoubleClick = (event: MouseEvent): void => {
    const { target } = event;
    const head =
      target instanceof Element ? target.closest('.lm-TabBar-tab') : null;
    if (
      this._tab &&
      head instanceof HTMLElement &&
      head.dataset.experimentsTab === this._tab.id
    ) {
      this.keep();
    }
  };

  private _tab: T | null = null;
  private _bar: Element | null = null;
  private _isDisposed = false;
}

/** The bar that holds the head of a tab, or null while there is none. */
function tabBarOf(tab: MainAreaWidget): Element | null {
  const head = document.querySelector(
    `.lm-TabBar-tab[data-experiments-tab="${tab.id}"]`
  );
  return head?.closest('.lm-TabBar') ?? null;
}
