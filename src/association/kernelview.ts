import type { KernelState } from '../kernel/messages';
import type { NotebookKernel } from '../tokens';

/** What this page knows of a kernel beside its own words. */
export type SeenKernel = Readonly<{
  id: string;
  language: string;
  isBusy: boolean;
  toldAtMs: number | null;
  /** Connection of the kernel's runs, null where it is not on offer here. */
  connectionId: string | null;
}>;

/** A kernel as notebooks show it; `state` is null before its first word. */
export function describeKernel(
  seen: SeenKernel,
  state: KernelState | null
): NotebookKernel {
  if (!state) {
    return { ...seen, ...SILENT };
  }
  return {
    ...seen,
    hasMlflow: state.mlflowVersion !== null,
    trackingKind: state.trackingKind,
    trackingLabel: state.trackingLabel,
    reason: state.reason,
    experimentName: state.experiment?.name ?? null,
    experimentId: state.experiment?.id ?? null,
    isAutologging: state.isAutologging,
    activeRunId: state.activeRunId
  };
}

const SILENT = {
  hasMlflow: null,
  trackingKind: null,
  trackingLabel: '',
  reason: null,
  experimentName: null,
  experimentId: null,
  isAutologging: false,
  activeRunId: null
} as const;
