/**
 * The sockets of one connection by namespace. Nearly all connections have one: it takes a field, not a table.
 */
interface InNamespace {
  readonly nsp: { readonly name: string };
}

export class JoinedSockets<Socket extends InNamespace> {
  #first: Socket | undefined;
  #others: Map<string, Socket> | undefined;

  get size(): number {
    return (this.#first === undefined ? 0 : 1) + (this.#others?.size ?? 0);
  }

  get(namespace: string): Socket | undefined {
    if (this.#first?.nsp.name === namespace) return this.#first;
    return this.#others?.get(namespace);
  }

  add(socket: Socket): void {
    if (this.#first === undefined) this.#first = socket;
    else (this.#others ??= new Map()).set(socket.nsp.name, socket);
  }

  delete(socket: Socket): void {
    if (this.#first === socket) this.#first = undefined;
    else if (this.#others?.get(socket.nsp.name) === socket) this.#others.delete(socket.nsp.name);
  }

  /** A list of its own: sockets may leave while it is walked through. */
  all(): Socket[] {
    const first = this.#first === undefined ? [] : [this.#first];
    return this.#others === undefined ? first : [...first, ...this.#others.values()];
  }
}
