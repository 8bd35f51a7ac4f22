/**
 * The parent of all namespaces whose names match: it makes them as clients ask for them, and addresses them together.
 */
import { MemoryAdapter, type BroadcastOptions } from './adapter.ts';
import type { RemoteSocket } from './broadcast.ts';
import { Namespace } from './namespace.ts';
import type { Packet } from './packet.ts';
import type { Server } from './server.ts';
import type { SlowConsumerOptions } from './slow-consumers.ts';
import type { DefaultEventsMap, EventsMap, Untyped } from './typed-events.ts';

/** Broadcasts to the parent reach each child's own adapter. */
class ParentAdapter extends MemoryAdapter {
  readonly #children: ReadonlySet<Namespace<Untyped, Untyped, Untyped>>;

  constructor(parent: ParentNamespace<Untyped, Untyped, Untyped>) {
    super(parent);
    this.#children = parent.children;
  }

  override broadcast(packet: Packet, options: BroadcastOptions): void {
    const data = packet.data as unknown[];
    // Adapters that recover sessions append to the data: each child has its own.
    for (const { adapter } of this.#children) void adapter.broadcast({ ...packet, data: [...data] }, options);
  }
}

export class ParentNamespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Untyped,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  readonly children = new Set<Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();

  constructor(server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>, number: number) {
    super(server, `/_${number}`);
    this.adapter = new ParentAdapter(this);
  }

  override _initAdapter(): void {
    // Its adapter needs the children, which a base class constructor cannot see yet.
  }

  override slowConsumers(options: SlowConsumerOptions): this {
    for (const child of this.children) child.slowConsumers(options);
    return super.slowConsumers(options);
  }

  /** Makes the child of that name, with the middlewares and connection listeners the parent has now. */
  createChild(name: string): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const child = new Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(this.server, name);
    child._fns = this._fns.slice();
    child._slowConsumers = this._slowConsumers;
    for (const listener of this.listeners('connect')) child.on('connect', listener);
    for (const listener of this.listeners('connection')) child.on('connection', listener);
    this.children.add(child);
    if (this.server.opts.cleanupEmptyChildNamespaces === true) this.#removeWhenEmpty(child);
    this.server._nsps.set(name, child);
    this.server.sockets.emitUntyped('new_namespace', child);
    return child;
  }

  #removeWhenEmpty(child: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>): void {
    const remove = child._remove.bind(child);
    child._remove = (socket) => {
      remove(socket);
      if (child.sockets.size > 0 || child._preConnectSockets.size > 0) return;
      void child.adapter.close();
      this.server._nsps.delete(child.name);
      this.children.delete(child);
    };
  }

  override fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    throw new Error('fetchSockets() is not supported on parent namespaces');
  }
}
