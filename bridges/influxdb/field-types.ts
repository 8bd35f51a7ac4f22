/**
 * One field has one type for ever: InfluxDB refuses a second one. A value of another kind goes to a field of its own,
 * whose name says the kind. Pure.
 */
export type FieldKind = 'number' | 'integer' | 'boolean' | 'string';

const kindOfType: Readonly<Record<string, FieldKind>> = {
  float: 'number',
  integer: 'integer',
  unsigned: 'integer',
  boolean: 'boolean',
  string: 'string',
};

export class FieldTypes {
  /** Bounded by the series of the hub: at most one more field a kind. */
  readonly #kinds = new Map<string, FieldKind>();

  /** The field that takes a value of this kind: the field itself, or the one beside it. */
  fieldFor(measurement: string, field: string, kind: FieldKind): string {
    const key = keyOf(measurement, field);
    const known = this.#kinds.get(key);
    if (known === undefined) this.#kinds.set(key, kind);
    return known === undefined || known === kind
      ? field
      : this.fieldFor(measurement, `${field}_${kind}`, kind);
  }

  /**
   * What the database has already.
   * @param type as InfluxDB names it @returns true if this was not known
   */
  learn(measurement: string, field: string, type: string): boolean {
    const kind = kindOfType[type];
    const key = keyOf(measurement, field);
    if (kind === undefined || this.#kinds.get(key) === kind) return false;
    this.#kinds.set(key, kind);
    return true;
  }
}

function keyOf(measurement: string, field: string): string {
  return `${measurement}\n${field}`;
}
