import { AnswerError } from './errors';

/** An object of unknown JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; an answer that is none cannot be read. */
export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AnswerError(
      'invalid',
      'The answer is not what MLflow sends.',
      {}
    );
  }
  return value as Fields;
}

/** A member as text, `''` where it is missing; numbers are printed. */
export function text(fields: Fields, name: string): string {
  return textOrNull(fields, name) ?? '';
}

/** A member as text, null where it is missing or empty. */
export function textOrNull(fields: Fields, name: string): string | null {
  const value = fields[name];
  if (typeof value === 'number') {
    return String(value);
  }
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A member that must be there, as text. */
export function requiredText(fields: Fields, name: string): string {
  const value = textOrNull(fields, name);
  if (value === null) {
    throw new AnswerError('invalid', `The answer lacks “${name}”.`, {});
  }
  return value;
}

const SPELLED: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity]
]);

/** A number, also as text (int64, `"NaN"`, `"Infinity"`); null for others. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') {
    return value;
  }
  if (typeof value !== 'string' || value.trim() === '') {
    return null;
  }
  const spelled = SPELLED.get(value);
  if (spelled !== undefined) {
    return spelled;
  }
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

/** A member as number, null where it is missing. */
export function numberOrNull(fields: Fields, name: string): number | null {
  return numberOf(fields[name]);
}

/** A list member, each element decoded; MLflow leaves empty lists out. */
export function list<T>(
  fields: Fields,
  name: string,
  decode: (fields: Fields) => T
): readonly T[] {
  const value = fields[name];
  return Array.isArray(value)
    ? value.map(element => decode(fieldsOf(element)))
    : [];
}

/** A member object; an empty one where it is missing. */
export function member(fields: Fields, name: string): Fields {
  const value = fields[name];
  return value === undefined || value === null ? {} : fieldsOf(value);
}
