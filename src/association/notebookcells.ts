import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';

/** Lights up a cell; fades by itself (style/cellbadge.css). */
const LIT_CLASS = 'jp-Experiments-litCell';
const LIT_MS = 1600;

/** Execution count of a code cell, null when it has none or is gone. */
export function executionCount(
  panel: NotebookPanel,
  cellId: string
): number | null {
  for (const cell of panel.content.model?.cells ?? []) {
    if (cell.id === cellId) {
      const count: unknown = cell.toJSON().execution_count;
      return typeof count === 'number' ? count : null;
    }
  }
  return null;
}

/** Is there a cell with this id? */
export function hasCell(panel: NotebookPanel, cellId: string): boolean {
  return indexOf(panel.content, cellId) >= 0;
}

/** Scroll to a cell, make it the active one and light it up; false if gone. */
export function showCell(panel: NotebookPanel, cellId: string): boolean {
  const notebook = panel.content;
  const index = indexOf(notebook, cellId);
  if (index < 0) {
    return false;
  }
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  // Where cells are windowed, those far away come into the page as it scrolls.
  notebook.scrollToItem(index, 'center').catch(() => undefined);
  const cell = notebook.widgets[index];
  cell.removeClass(LIT_CLASS);
  // A cell that is lit already starts anew only after the style was read.
  void cell.node.offsetWidth;
  cell.addClass(LIT_CLASS);
  setTimeout(() => {
    if (!cell.isDisposed) {
      cell.removeClass(LIT_CLASS);
    }
  }, LIT_MS);
  return true;
}

/** New code cell below the active one, made the active one, not run. */
export function insertCode(panel: NotebookPanel, source: string): void {
  const notebook = panel.content;
  const cells = notebook.model?.sharedModel;
  if (!cells || notebook.model?.readOnly) {
    return;
  }
  const index = notebook.activeCellIndex + 1;
  cells.insertCell(index, {
    cell_type: 'code',
    source,
    metadata: { trusted: true }
  });
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  notebook.scrollToItem(index, 'smart').catch(() => undefined);
}

function indexOf(notebook: Notebook, cellId: string): number {
  return notebook.widgets.findIndex(cell => cell.model?.id === cellId);
}
