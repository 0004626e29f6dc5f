import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import type { Widget } from '@lumino/widgets';

/** Class of every tab of ours: the next one joins it. */
const TAB_CLASS = 'jp-Experiments-tab';

/**
 * Show a widget as a tab: in JupyterLab to the right of the notebook, joined to
 * a tab of ours that is there; in Notebook 7, whose main area takes one widget
 * only, in the lower area, and where it has none in the right one.
 */
export function placeTab(
  app: JupyterFrontEnd,
  labShell: ILabShell | null,
  widget: Widget
): void {
  widget.addClass(TAB_CLASS);
  if (!widget.isAttached) {
    if (labShell) {
      addToLab(labShell, widget);
    } else {
      addToNotebook(app, widget);
    }
  }
  app.shell.activateById(widget.id);
}

function addToLab(labShell: ILabShell, widget: Widget): void {
  for (const other of labShell.widgets('main')) {
    if (other.hasClass(TAB_CLASS)) {
      labShell.add(widget, 'main', { ref: other.id, mode: 'tab-after' });
      return;
    }
  }
  labShell.add(widget, 'main', { mode: 'split-right' });
}

function addToNotebook(app: JupyterFrontEnd, widget: Widget): void {
  try {
    app.shell.add(widget, 'down');
  } catch (error) {
    console.warn('There is no lower area; the right one is used.', error);
  }
  if (!widget.parent) {
    app.shell.add(widget, 'right');
  }
}
