import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

/** A heading that unfolds what is below it. */
export function FoldHead(props: {
  label: React.ReactNode;
  count?: number;
  isOpen: boolean;
  onToggle: () => void;
}): React.ReactElement {
  const Caret = props.isOpen ? caretDownIcon : caretRightIcon;
  return (
    <button
      type="button"
      className="jp-Experiments-foldHead"
      aria-expanded={props.isOpen}
      onClick={props.onToggle}
    >
      <Caret.react tag="span" width="16px" height="16px" />
      <span>{props.label}</span>
      {props.count !== undefined && (
        <span className="jp-Experiments-muted">{props.count}</span>
      )}
    </button>
  );
}
