import * as React from 'react';

/** What a row's mark says; `left` is RUNNING though its kernel has gone. */
export type MarkStatus =
  'running' | 'scheduled' | 'finished' | 'failed' | 'killed' | 'left';

const SHAPES: Readonly<Record<MarkStatus, React.ReactElement>> = {
  running: (
    <>
      <circle className="jp-Experiments-markTrack" cx="8" cy="8" r="5" />
      <path d="M8 3a5 5 0 0 1 5 5" />
    </>
  ),
  scheduled: <circle cx="8" cy="8" r="5" strokeDasharray="2 2" />,
  finished: <path d="m3.2 8.4 3.2 3.2 6.4-7" />,
  failed: <path d="m4 4 8 8M12 4l-8 8" />,
  killed: <rect className="jp-mod-filled" x="4" y="4" width="8" height="8" />,
  left: <circle cx="8" cy="8" r="5" strokeDasharray="3.1 2.1" />
};

/** Status as a shape and a colour; the word goes into `label`. */
export function StatusMark(props: {
  status: MarkStatus;
  label: string;
}): React.ReactElement {
  return (
    <svg
      className={`jp-Experiments-mark jp-mod-${props.status}`}
      viewBox="0 0 16 16"
      width="14"
      height="14"
      role="img"
      aria-label={props.label}
    >
      <title>{props.label}</title>
      {SHAPES[props.status]}
    </svg>
  );
}

/** A ring that turns where motion is allowed: something is under way. */
export function Spinner(props: { label: string }): React.ReactElement {
  return <StatusMark status="running" label={props.label} />;
}
