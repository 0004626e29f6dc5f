import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';

/** One entry of a menu that is made when it opens. */
export type MenuEntry =
  | Readonly<{
      label: string;
      isToggled?: boolean;
      isEnabled?: boolean;
      caption?: string;
      run: () => void;
    }>
  | Readonly<{ label: string; entries: readonly MenuEntry[] }>
  | Readonly<{ heading: string }>
  | 'separator';

/** Where a menu opens, and who gets the focus when it has closed. */
export type MenuPlace = Readonly<{
  anchor: Element;
  onClosed: () => void;
}>;

function fill(
  menu: MenuSvg,
  commands: CommandRegistry,
  entries: readonly MenuEntry[]
): void {
  for (const entry of entries) {
    if (entry === 'separator') {
      menu.addItem({ type: 'separator' });
    } else if ('entries' in entry) {
      const submenu = new MenuSvg({ commands });
      submenu.title.label = entry.label;
      fill(submenu, commands, entry.entries);
      menu.addItem({ type: 'submenu', submenu });
    } else if ('heading' in entry) {
      addHeading(menu, commands, entry.heading);
    } else {
      const command = `entry-${commands.listCommands().length}`;
      commands.addCommand(command, {
        label: entry.label,
        caption: entry.caption ?? '',
        describedBy: { args: { type: 'object', properties: {} } },
        isToggled: () => entry.isToggled ?? false,
        isToggleable: entry.isToggled !== undefined,
        isEnabled: () => entry.isEnabled ?? true,
        execute: () => entry.run()
      });
      menu.addItem({ command });
    }
  }
}

/** Words above some entries; the keyboard passes them by. */
function addHeading(
  menu: MenuSvg,
  commands: CommandRegistry,
  label: string
): void {
  const command = `entry-${commands.listCommands().length}`;
  commands.addCommand(command, {
    label,
    className: 'jp-Experiments-menuHeading',
    describedBy: { args: { type: 'object', properties: {} } },
    isEnabled: () => false,
    execute: () => undefined
  });
  menu.addItem({ command });
}

/** Open a menu below an element. */
export function openMenu(
  entries: readonly MenuEntry[],
  place: MenuPlace
): MenuSvg {
  const commands = new CommandRegistry();
  const menu = new MenuSvg({ commands });
  menu.addClass('jp-Experiments-menu');
  fill(menu, commands, entries);
  menu.aboutToClose.connect(() => {
    // The chosen entry runs after the menu has closed, and may take the focus.
    window.setTimeout(() => {
      if (document.activeElement === document.body) {
        place.onClosed();
      }
      menu.dispose();
    });
  });
  const box = place.anchor.getBoundingClientRect();
  menu.open(box.left, box.bottom);
  return menu;
}

/** An entry that says there is nothing to choose. */
export function nothingToChoose(trans: TranslationBundle): MenuEntry {
  return {
    label: trans.__('None yet'),
    isEnabled: false,
    run: () => undefined
  };
}
