import { Widget } from '@lumino/widgets';

/** What a badge shows; `caption` is its tooltip. */
export type BadgeWords = Readonly<{ text: string; caption: string }>;

/** The badge of one cell: a quiet button in the cell's header. */
export class CellBadge extends Widget {
  constructor(private readonly _onClick: () => void) {
    super({ node: makeNode() });
    this.addClass('jp-Experiments-cellBadge');
  }

  /** Show these words. */
  say({ text, caption }: BadgeWords): void {
    if (this.node.textContent !== text) {
      this.node.textContent = text;
    }
    if (this.node.title !== caption) {
      this.node.title = caption;
    }
  }

  /** Widgets hear of events as their nodes do. */
  handleEvent(event: Event): void {
    // The cell below must neither become active nor lose the focus.
    event.stopPropagation();
    event.preventDefault();
    if (event.type === 'click') {
      this._onClick();
    }
  }

  protected override onAfterAttach(): void {
    this.node.addEventListener('mousedown', this);
    this.node.addEventListener('click', this);
  }

  protected override onBeforeDetach(): void {
    this.node.removeEventListener('mousedown', this);
    this.node.removeEventListener('click', this);
  }
}

function makeNode(): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  // Reached by E R in command mode; not a stop for each cell.
  button.tabIndex = -1;
  return button;
}
