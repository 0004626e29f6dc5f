import * as React from 'react';

/** A word in a thin frame, such as a version or an alias. */
export function Chip(props: {
  text: string;
  title?: string;
}): React.ReactElement {
  return (
    <span className="jp-Experiments-chip" title={props.title ?? props.text}>
      {props.text}
    </span>
  );
}
