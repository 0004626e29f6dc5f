import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import type { Widget } from '@lumino/widgets';

/** Class of every tab of ours: the next one joins it. */
const TAB_CLASS = 'jp-Experiments-tab';

/** Where a tab may go. */
export type Place = Readonly<{
  app: JupyterFrontEnd;
  /** Null in Notebook 7. */
  labShell: ILabShell | null;
  /** Widget to whose right it stands: the notebook's, or null. */
  notebookWidgetId: string | null;
}>;

/**
 * Show a widget as a tab: in JupyterLab right of the notebook, joined to a tab
 * of ours that is there; in Notebook 7 in the lower area. False where there is
 * no such place: Notebook before 7.4 takes one widget in its main area only.
 */
export function placeTab(place: Place, widget: Widget): boolean {
  widget.addClass(TAB_CLASS);
  if (!widget.isAttached && !widget.parent) {
    if (place.labShell) {
      addToLab(place.labShell, widget, place.notebookWidgetId);
    } else if (!addBelow(place.app, widget)) {
      return false;
    }
  }
  place.app.shell.activateById(widget.id);
  return true;
}

function addToLab(
  labShell: ILabShell,
  widget: Widget,
  notebookWidgetId: string | null
): void {
  for (const other of labShell.widgets('main')) {
    if (other.hasClass(TAB_CLASS)) {
      labShell.add(widget, 'main', { ref: other.id, mode: 'tab-after' });
      return;
    }
  }
  const ref = notebookWidgetId ?? undefined;
  labShell.add(widget, 'main', { ref, mode: 'split-right' });
}

function addBelow(app: JupyterFrontEnd, widget: Widget): boolean {
  try {
    app.shell.add(widget, 'down');
  } catch {
    // Shells that do not know the area throw; the caller goes another way.
    return false;
  }
  return widget.parent !== null;
}
