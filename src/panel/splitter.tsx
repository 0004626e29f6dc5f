import * as React from 'react';
import type { PanelParts } from './parts';

const LEAST = 72;
const FIRST = 260;
const STEP = 24;

/** Details below a line that can be dragged; the height is kept. */
export function Splitter(props: {
  parts: PanelParts;
  children: React.ReactNode;
}): React.ReactElement {
  const { kept } = props.parts.model;
  const { trans } = props.parts.options;
  const [height, setHeight] = React.useState(kept.detailsHeight ?? FIRST);
  const start = React.useRef<{ y: number; height: number } | null>(null);
  const change = (next: number): void => setHeight(Math.max(LEAST, next));
  return (
    <div className="jp-Experiments-split" style={{ height }}>
      <div
        role="separator"
        className="jp-Experiments-splitter"
        aria-orientation="horizontal"
        aria-label={trans.__('Height of the details')}
        aria-valuenow={Math.round(height)}
        tabIndex={0}
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = { y: event.clientY, height };
        }}
        onPointerMove={event => {
          if (start.current) {
            change(start.current.height + start.current.y - event.clientY);
          }
        }}
        onPointerUp={() => {
          start.current = null;
          kept.detailsHeight = height;
        }}
        onKeyDown={event => {
          const steps = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
          if (steps !== undefined) {
            event.preventDefault();
            change(height + steps);
            kept.detailsHeight = height + steps;
          }
        }}
      />
      {props.children}
    </div>
  );
}
