import type { ModelVersion, RunId } from '../mlflow/entities';
import type { ISession } from '../tokens';

/** Chip of a run's newest version: `v4`, or `digits v4` under another name. */
export function versionChip(
  versions: readonly ModelVersion[] | undefined,
  commonName: string | null
): string | null {
  const newest = newestOf(versions);
  if (!newest) {
    return null;
  }
  return newest.name === commonName
    ? `v${newest.version}`
    : `${newest.name} v${newest.version}`;
}

/** The version of a run that was registered last, or null. */
export function newestOf(
  versions: readonly ModelVersion[] | undefined
): ModelVersion | null {
  return (versions ?? []).reduce<ModelVersion | null>(
    (newest, version) =>
      !newest || Number(version.version) > Number(newest.version)
        ? version
        : newest,
    null
  );
}

/** The one name that all registered runs on show bear, or null. */
export function commonModelName(
  registrations: ISession['registrations'],
  isShown: (runId: RunId) => boolean
): string | null {
  const names = new Set<string>();
  for (const [runId, versions] of registrations) {
    if (isShown(runId)) {
      versions.forEach(version => names.add(version.name));
    }
  }
  const [name] = names;
  return names.size === 1 ? name : null;
}

/** Name and number that the next version would have, or null for no name yet. */
export function nextVersion(
  registrations: ISession['registrations'],
  isShown: (runId: RunId) => boolean
): Readonly<{ name: string; version: number }> | null {
  const name = commonModelName(registrations, isShown);
  if (name === null) {
    return null;
  }
  let greatest = 0;
  for (const versions of registrations.values()) {
    for (const version of versions) {
      if (version.name === name) {
        greatest = Math.max(greatest, Number(version.version));
      }
    }
  }
  return { name, version: greatest + 1 };
}
