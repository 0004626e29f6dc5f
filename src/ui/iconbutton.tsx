import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

/** A 24 px button with a 16 px icon and its name as tooltip. */
export function IconButton(props: {
  icon: LabIcon;
  title: string;
  isPressed?: boolean;
  isDisabled?: boolean;
  hasMenu?: boolean;
  onClick: (button: HTMLElement) => void;
}): React.ReactElement {
  return (
    <button
      type="button"
      className="jp-Experiments-iconButton"
      title={props.title}
      aria-label={props.title}
      aria-pressed={props.isPressed}
      aria-haspopup={props.hasMenu ? 'menu' : undefined}
      disabled={props.isDisabled}
      onClick={event => props.onClick(event.currentTarget)}
    >
      <props.icon.react tag="span" width="16px" height="16px" />
    </button>
  );
}
