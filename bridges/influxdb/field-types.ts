/**
 * One field has one type for ever: InfluxDB refuses a second one. A value of another kind goes to a field of its own,
 * whose name says the kind. Pure.
 */
export type FieldKind = 'number' | 'integer' | 'unsigned' | 'boolean' | 'string';

const kindOfType: Readonly<Record<string, FieldKind>> = {
  float: 'number',
  integer: 'integer',
  unsigned: 'unsigned',
  boolean: 'boolean',
  string: 'string',
};

/** Where a value goes, and as what. */
export interface FieldForm {
  readonly field: string;
  readonly kind: FieldKind;
}

export class FieldTypes {
  /** Bounded by the series of the hub: at most one more field a kind. */
  readonly #kinds = new Map<string, FieldKind>();

  /** The field that takes a value of this kind: the field itself, or the one beside it. */
  formFor(measurement: string, field: string, kind: FieldKind): FieldForm {
    const key = keyOf(measurement, field);
    const known = this.#kinds.get(key);
    if (known === undefined) this.#kinds.set(key, kind);
    if (known === undefined || known === kind) return { field, kind };
    // A whole number is a number; the other way would lose what follows the point.
    if (known === 'number' && (kind === 'integer' || kind === 'unsigned')) return { field, kind: known };
    return this.formFor(measurement, `${field}_${kind}`, kind);
  }

  kindOf(measurement: string, field: string): FieldKind | undefined {
    return this.#kinds.get(keyOf(measurement, field));
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
