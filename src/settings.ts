/** What a person may set, decoded; ids as in `schema/plugin.json`. */
export type Settings = Readonly<{
  /** Tell of runs that end while nobody looks. */
  isNotifying: boolean;
  /** Show the running run in the status bar. */
  isInStatusBar: boolean;
}>;

export const SETTINGS_ID = 'jupyterlab-experiments:plugin';

export const DEFAULT_SETTINGS: Settings = {
  isNotifying: true,
  isInStatusBar: true
};

/** Settings from what JupyterLab keeps; what is not understood is as by default. */
export function decodeSettings(composite: unknown): Settings {
  const given = (
    typeof composite === 'object' && composite !== null ? composite : {}
  ) as Readonly<Record<string, unknown>>;
  const flag = (key: string, byDefault: boolean): boolean => {
    const value = given[key];
    return typeof value === 'boolean' ? value : byDefault;
  };
  return {
    isNotifying: flag('notifications', DEFAULT_SETTINGS.isNotifying),
    isInStatusBar: flag('statusBar', DEFAULT_SETTINGS.isInStatusBar)
  };
}
