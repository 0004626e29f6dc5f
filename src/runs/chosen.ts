/** Which values of a metric are better. */
export type Direction = 'lower' | 'higher';

/** What a user chose for the columns; kept for each notebook. */
export type ColumnChoices = Readonly<{
  mainMetric: string | null;
  secondMetric: string | null;
  /** Directions turned by a click, by metric key. */
  directions: Readonly<Record<string, Direction>>;
}>;

/** Nothing chosen: names decide. */
export const NO_CHOICES: ColumnChoices = {
  mainMetric: null,
  secondMetric: null,
  directions: {}
};
