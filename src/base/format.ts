/** Numbers, durations, sizes and times as the table shows them. */

const SIGNIFICANT = 4;
/** MLflow stores infinities as the greatest double. */
const GREATEST = 1.797e308;
const MISSING = '–';
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Decimals that a column's values share: the greatest value gets its four
 * significant digits, smaller ones up to four decimals. Integers need none.
 */
export function decimalsFor(values: Iterable<number | null>): number {
  let greatest = 0;
  let decimals = 0;
  for (const value of values) {
    if (value !== null && isOrdinary(value) && !Number.isInteger(value)) {
      greatest = Math.max(greatest, Math.abs(value));
      decimals = Math.max(decimals, Math.min(SIGNIFICANT, decimalsOf(value)));
    }
  }
  return greatest > 0 ? Math.max(decimals, decimalsOf(greatest)) : 0;
}

function decimalsOf(value: number): number {
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  return Math.max(0, SIGNIFICANT - 1 - exponent);
}

/** Numbers that decimals can show; the others are shown by exponent. */
function isOrdinary(value: number): boolean {
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-4 && size < 1e7);
}

/**
 * A number to four significant digits, or with the column's decimals. NaN is
 * “NaN”, infinity “∞”, no value “–”.
 */
export function formatNumber(
  value: number | null | undefined,
  decimals?: number
): string {
  if (value === null || value === undefined) {
    return MISSING;
  }
  return formatSpecial(value) ?? formatFinite(value, decimals);
}

function formatSpecial(value: number): string | null {
  if (Number.isNaN(value)) {
    return 'NaN';
  }
  if (Math.abs(value) >= GREATEST) {
    return value > 0 ? '∞' : '-∞';
  }
  return null;
}

function formatFinite(value: number, decimals: number | undefined): string {
  if (!isOrdinary(value)) {
    return value
      .toExponential(SIGNIFICANT - 1)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  }
  if (decimals !== undefined) {
    return value.toFixed(decimals);
  }
  return Number.isInteger(value)
    ? String(value)
    : value.toFixed(decimalsOf(value));
}

/** A number with all its digits, for tooltips and the clipboard. */
export function printNumber(value: number): string {
  return formatSpecial(value) ?? String(value);
}

/** Time taken: `85 ms`, `1.4 s`, `12 s`, `12 min`, `3 h 5 min`, `2 d 3 h`. */
export function formatDuration(durationMs: number | null): string {
  if (durationMs === null || !Number.isFinite(durationMs)) {
    return MISSING;
  }
  const ms = Math.max(0, durationMs);
  if (ms < 100) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 9950) {
    return `${(ms / SECOND).toFixed(1)} s`;
  }
  if (ms < MINUTE - SECOND / 2) {
    return `${Math.round(ms / SECOND)} s`;
  }
  return formatLong(ms);
}

function formatLong(ms: number): string {
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 60) {
    return `${Math.max(1, minutes)} min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? twoUnits([hours, 'h'], [minutes % 60, 'min'])
    : twoUnits([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

type Amount = readonly [number, string];

function twoUnits(large: Amount, small: Amount): string {
  const rest = small[0] ? ` ${small.join(' ')}` : '';
  return `${large.join(' ')}${rest}`;
}

/** Time of something that still runs, ticking: `0:06`, `12:34`, `1:02:03`. */
export function formatElapsed(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / SECOND));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  const [minutes, rest] = parts.map(part => String(part).padStart(2, '0'));
  return hours > 0 ? `${hours}:${minutes}:${rest}` : `${parts[0]}:${rest}`;
}

/** How long ago, in the width of column “When”: `now`, `1m`, `2h`, `3d`. */
export function formatAge(timeMs: number | null, nowMs: number): string {
  if (timeMs === null) {
    return MISSING;
  }
  const age = nowMs - timeMs;
  if (age < MINUTE) {
    return 'now';
  }
  if (age < HOUR) {
    return `${Math.floor(age / MINUTE)}m`;
  }
  return age < DAY ? `${Math.floor(age / HOUR)}h` : `${Math.floor(age / DAY)}d`;
}

/** Size of a file: `41 kB`, `1.2 MB`; decimal units. */
export function formatSize(sizeBytes: number | null): string {
  if (sizeBytes === null) {
    return MISSING;
  }
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = sizeBytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && size < 9.95 ? 1 : 0;
  return `${size.toFixed(digits)} ${units[unit]}`;
}

/** Time of day, `14:02`, in the browser's zone. */
export function formatClock(timeMs: number): string {
  const time = new Date(timeMs);
  const [hours, minutes] = [time.getHours(), time.getMinutes()];
  return `${pad(hours)}:${pad(minutes)}`;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

/** Date and time with the zone: `2026-11-20 14:01:07 GMT+1`. */
export function formatTime(timeMs: number | null, timeZone?: string): string {
  if (timeMs === null) {
    return MISSING;
  }
  const parts = new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone
  }).formatToParts(new Date(timeMs));
  const part = new Map(parts.map(({ type, value }) => [type, value]));
  const date = ['year', 'month', 'day'].map(type => part.get(type as 'year'));
  const time = ['hour', 'minute', 'second'].map(type =>
    part.get(type as 'hour')
  );
  return `${date.join('-')} ${time.join(':')} ${part.get('timeZoneName')}`;
}

/** A path that loses its head, not its tail: `…tripdata_2021-01.csv`. */
export function truncateHead(path: string, maxLength: number): string {
  const letters = Array.from(path);
  return letters.length <= maxLength
    ? path
    : `…${letters.slice(letters.length - maxLength + 1).join('')}`;
}

/** Text of at most so many letters, its end cut. */
export function truncateTail(text: string, maxLength: number): string {
  const letters = Array.from(text);
  return letters.length <= maxLength
    ? text
    : `${letters.slice(0, maxLength - 1).join('')}…`;
}
