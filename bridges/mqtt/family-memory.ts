/**
 * What families remember between messages, apart for each broker: tables that one message lays down and later ones
 * refer to. A family names its part by the class of it.
 */
export class FamilyMemory {
  readonly #parts = new Map<new () => object, object>();

  /** The part of this class, made when it is first asked for. */
  of<Part extends object>(kind: new () => Part): Part {
    const known = this.#parts.get(kind);
    if (known instanceof kind) return known;
    const made = new kind();
    this.#parts.set(kind, made);
    return made;
  }
}
