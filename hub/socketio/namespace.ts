/**
 * A namespace: sockets that share middlewares, rooms and an adapter.
 * Spec: Socket.IO protocol v5, "Connection to a namespace".
 */
import { MemoryAdapter, type Adapter, type Session } from './adapter.ts';
import { refuseReserved } from './broadcast.ts';
import { BroadcastSurface } from './broadcast-surface.ts';
import type { Connection } from './connection.ts';
import { callListeners } from './listener-guard.ts';
import { runMiddlewares, type Middleware } from './middleware.ts';
import { PacketType } from './packet.ts';
import { findSession } from './recovery.ts';
import type { Server } from './server.ts';
import { SharedPacket } from './shared-packet.ts';
import { Socket } from './socket.ts';
import type { SocketId } from './rooms.ts';
import type { SlowConsumerOptions } from './slow-consumers.ts';
import type { DefaultEventsMap, EventNames, EventParams, EventsMap, Untyped } from './typed-events.ts';

/** An error of a middleware; `data` is sent to the client. */
export interface ExtendedError extends Error {
  data?: Untyped;
}

export interface NamespaceReservedEventsMap<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> {
  connect: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void;
  connection: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void;
}

export interface ServerReservedEventsMap<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> extends NamespaceReservedEventsMap<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  new_namespace: (namespace: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void;
}

export class Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Untyped,
> extends BroadcastSurface<
  EmitEvents,
  ServerSideEvents,
  SocketData,
  NamespaceReservedEventsMap<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
> {
  readonly name: string;
  readonly server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /** The connected sockets of this server. */
  readonly sockets = new Map<SocketId, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  /** Those still in the middlewares. */
  readonly _preConnectSockets = new Map<
    SocketId,
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  >();
  adapter!: Adapter;
  /** The next acknowledgement id; adapters count with it too. */
  _ids = 0;
  /** Packets that were not sent because clients did not keep up, volatile ones included. */
  droppedPackets = 0;
  _slowConsumers: SlowConsumerOptions | undefined;
  _fns: Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>, ExtendedError>[] = [];

  constructor(server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>, name: string) {
    super();
    this.server = server;
    this.name = name;
    this._initAdapter();
  }

  _initAdapter(): void {
    this.adapter = this.server._makeAdapter(this);
    void Promise.resolve(this.adapter.init());
  }

  protected override reach(): Adapter {
    return this.adapter;
  }

  /** Adds a middleware: it runs for each socket before it is connected, and may refuse it. */
  use(
    middleware: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      next: (error?: ExtendedError) => void,
    ) => unknown,
  ): this {
    this._fns.push(middleware);
    return this;
  }

  /** What happens to the events of this namespace for clients that do not keep up; events may have a policy of their own. */
  slowConsumers(options: SlowConsumerOptions): this {
    if (!(this.adapter instanceof MemoryAdapter)) {
      process.emitWarning('this adapter does not pass on what is to happen to slow consumers', {
        code: 'SOCKETIO_NO_SLOW_CONSUMERS',
      });
    }
    this._slowConsumers = options;
    return this;
  }

  /**
   * An event for sockets of this namespace that the caller reaches one by one, by `writeTo`: encoded once for all of them.
   * Goes past rooms and adapter, so nothing is kept of it for recovery. @throws {Error} the name is reserved
   */
  share<Name extends EventNames<EmitEvents>>(
    name: Name,
    ...args: EventParams<EmitEvents, Name>
  ): SharedPacket {
    refuseReserved(name);
    return new SharedPacket(this, { type: PacketType.event, nsp: this.name, data: [name, ...args] }, {});
  }

  /** Lets a client in, if the middlewares agree; `connected` is called before anyone hears of the socket. */
  _add(
    client: Connection,
    auth: Record<string, unknown>,
    connected: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
    refused: () => void,
  ): void {
    const admit = (session?: Session): void =>
      this.#admit(new Socket(this, client, auth, session), connected, refused);
    if (this.server.opts.connectionStateRecovery === undefined) admit();
    else void findSession(this.adapter, auth).then(admit);
  }

  #admit(
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    connected: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
    refused: () => void,
  ): void {
    const { client } = socket;
    this._preConnectSockets.set(socket.id, socket);
    const recovery = this.server.opts.connectionStateRecovery;
    if (socket.recovered && recovery?.skipMiddlewares === true && client.conn.readyState === 'open') {
      this.#connect(socket, connected);
      return;
    }
    const decide = (error?: ExtendedError): void => {
      if (client.conn.readyState === 'open' && !error) {
        this.#connect(socket, connected);
        return;
      }
      socket._cleanup();
      if (client.conn.readyState === 'open' && error) {
        socket._error({ message: error.message, data: error.data });
      }
      refused();
    };
    const done = (error?: ExtendedError): void => process.nextTick(decide, error);
    const report = this.#reporter('middleware', socket.id);
    runMiddlewares({ middlewares: this._fns, subject: socket, done, report });
  }

  /** Raises one of the library's own events; listeners that fail are reported if there is a hook for that. */
  override emitReserved<
    Name extends EventNames<
      NamespaceReservedEventsMap<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >,
  >(
    name: Name,
    ...args: EventParams<
      NamespaceReservedEventsMap<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      Name
    >
  ): boolean {
    const report = this.#reporter(name, args[0].id);
    return report === undefined ? super.emitReserved(name, ...args) : callListeners(this, name, args, report);
  }

  #reporter(event: string, socketId: SocketId): ((error: unknown) => void) | undefined {
    const hook = this.server._listenerErrors;
    return hook && ((error) => hook(error, { namespace: this.name, event, socketId }));
  }

  #connect(
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    connected: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ): void {
    this._preConnectSockets.delete(socket.id);
    this.sockets.set(socket.id, socket);
    socket._onconnect();
    connected(socket);
    this.emitReserved('connect', socket);
    this.emitReserved('connection', socket);
  }

  _remove(socket: { readonly id: SocketId }): void {
    this.sockets.delete(socket.id);
    this._preConnectSockets.delete(socket.id);
  }

  /** An event of another server of the cluster; the last argument may be an acknowledgement. */
  _onServerSideEmit(args: [string, ...unknown[]]): void {
    this.emitUntyped(...args);
  }
}
