/**
 * All namespaces of a server by name, and the parents that make new ones when a client asks for a name that matches.
 */
import { Namespace } from './namespace.ts';
import { ParentNamespace } from './parent-namespace.ts';
import type { Server } from './server.ts';
import type { EventsMap, Untyped } from './typed-events.ts';

/** Decides whether a namespace of that name may be made for a client. */
export type NamespaceMatcher = (
  name: string,
  auth: { [key: string]: Untyped },
  next: (error: Error | null, isAllowed: boolean) => void,
) => void;

export class NamespaceTree<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> {
  readonly namespaces = new Map<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  readonly #server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly #parents: {
    readonly matches: NamespaceMatcher;
    readonly pattern: RegExp | undefined;
    readonly parent: ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  }[] = [];

  constructor(server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) {
    this.#server = server;
  }

  /** @throws {Error} a pattern that remembers where it stopped would match every second time */
  of(
    name: string | RegExp | NamespaceMatcher,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    if (typeof name === 'string') return this.#named(name.startsWith('/') ? name : `/${name}`);
    const parent = new ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(
      this.#server,
      this.#parents.length,
    );
    if (typeof name === 'function') {
      this.#parents.push({ matches: name, pattern: undefined, parent });
      return parent;
    }
    if (name.global || name.sticky)
      throw new Error('namespace RegExp must not use the global or sticky flag');
    this.#parents.push({
      matches: (asked, _auth, next) => next(null, name.test(asked)),
      pattern: name,
      parent,
    });
    return parent;
  }

  #named(name: string): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const existing = this.namespaces.get(name);
    if (existing !== undefined) return existing;
    for (const { pattern, parent } of this.#parents) {
      if (pattern?.test(name) === true) return parent.createChild(name);
    }
    const namespace = new Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(
      this.#server,
      name,
    );
    this.namespaces.set(name, namespace);
    if (name !== '/') this.#server.sockets.emitUntyped('new_namespace', namespace);
    return namespace;
  }

  /** Finds the namespace a client asked for; one that matches a parent is made, once, however many ask at a time. */
  find(
    name: string,
    auth: Record<string, unknown>,
    found: (namespace: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> | undefined) => void,
  ): void {
    const existing = this.namespaces.get(name);
    if (existing !== undefined) {
      found(existing);
      return;
    }
    const candidates = this.#parents.slice();
    const ask = (at: number): void => {
      const candidate = candidates[at];
      if (candidate === undefined) {
        found(undefined);
        return;
      }
      candidate.matches(name, auth, (error, isAllowed) => {
        if (error || !isAllowed) ask(at + 1);
        else found(this.namespaces.get(name) ?? candidate.parent.createChild(name));
      });
    };
    ask(0);
  }
}
