import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

/** Draw again whenever a signal emits; gives a number that grows with it. */
export function useSignal<S, A>(signal: ISignal<S, A> | null): number {
  const [version, bump] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    if (!signal) {
      return;
    }
    const slot = (): void => bump();
    signal.connect(slot);
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
  return version;
}
