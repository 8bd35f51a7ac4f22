/**
 * One client in one namespace.
 * Spec: Socket.IO protocol v5, "Sending and receiving data", "Acknowledgement", "Disconnection from a namespace".
 */
import type { IncomingMessage } from 'node:http';
import type { Session } from './adapter.ts';
import { listOf } from './broadcast.ts';
import type { Connection } from './connection.ts';
import type { EngineSession } from './engine-session.ts';
import { makeHandshake, type Handshake } from './handshake.ts';
import type { ListenerErrorHook } from './listener-guard.ts';
import type { Namespace } from './namespace.ts';
import { PacketType, type Packet } from './packet.ts';
import { isRecoverable } from './recovery.ts';
import type { PrivateSessionId, Room, SocketId } from './rooms.ts';
import type { Server } from './server.ts';
import type { DisconnectReason } from './socket-listeners.ts';
import { SocketSender } from './socket-sender.ts';
import type { Ticks } from './ticks.ts';
import type { DefaultEventsMap, EventsMap, Fn, Untyped } from './typed-events.ts';

/** Most applications keep nothing with a socket. */
const notUsed = Symbol('no data');

export class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Untyped,
> extends SocketSender<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  readonly nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly client: Connection;
  readonly id: SocketId;
  /** Known to the client only: whoever shows it may have the session back. */
  readonly pid: PrivateSessionId | undefined;
  /** Whether the session of an earlier connection was restored. */
  readonly recovered: boolean;
  #data: SocketData | typeof notUsed = notUsed;
  #auth: Handshake['auth'];
  #handshake: Handshake | undefined;
  readonly #issuedMs = Date.now();
  #hasLeft = false;

  constructor(
    nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    client: Connection,
    auth: Handshake['auth'],
    session?: Session,
  ) {
    super();
    this.nsp = nsp;
    this.client = client;
    this.#auth = auth;
    this.recovered = session !== undefined;
    const { _randomIds: ids, opts } = nsp.server;
    this.id = session?.sid ?? ids.next();
    this.pid = session?.pid ?? (opts.connectionStateRecovery ? ids.next() : undefined);
    if (session === undefined) return;
    this.#data = (session.data as SocketData | undefined) ?? notUsed;
    this.#resume(session);
  }

  #resume(session: Session): void {
    for (const room of session.rooms) void this.join(room);
    for (const data of session.missedPackets)
      this.transmit({ type: PacketType.event, nsp: this.nsp.name, data });
  }

  /** The application's own. */
  get data(): SocketData {
    if (this.#data === notUsed) this.#data = {} as SocketData;
    return this.#data;
  }

  set data(data: SocketData) {
    this.#data = data;
  }

  get server(): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    return this.nsp.server;
  }

  /** The Engine.IO session below. */
  get conn(): EngineSession {
    return this.client.conn;
  }

  get request(): IncomingMessage {
    return this.client.request;
  }

  get handshake(): Handshake {
    this.#handshake ??= makeHandshake(this.client.conn, this.#auth, this.#issuedMs);
    return this.#handshake;
  }

  set handshake(handshake: Handshake) {
    this.#handshake = handshake;
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** Its own id included; empty once it has left. */
  get rooms(): Set<Room> {
    return this.adapter.socketRooms(this.id) ?? new Set();
  }

  /** Bytes accepted for sending that have not left yet: a measure of how far behind the client is. */
  get bufferedBytes(): number {
    return this.client.bufferedBytes;
  }

  /** Packets that were not sent because the client did not keep up, in all its namespaces; volatile ones included. */
  get droppedPackets(): number {
    return this.client.droppedPackets;
  }

  join(rooms: Room | Room[]): Promise<void> | void {
    if (this.#hasLeft) return;
    const list = listOf(rooms);
    const { maxRooms } = this.server.opts;
    if (maxRooms !== undefined && new Set([...this.rooms, ...list]).size > maxRooms + 1) {
      this.client.violated(new Error('too many rooms'));
      return;
    }
    return this.adapter.addAll(this.id, new Set(list));
  }

  leave(rooms: Room | Room[]): Promise<void> | void {
    // Only the adapters of some clusters have something to wait for.
    const waits = listOf(rooms)
      .map((room) => this.adapter.del(this.id, room))
      .filter((left) => left instanceof Promise);
    if (waits.length > 0) return Promise.all(waits).then(() => undefined);
  }

  /** Of its own id, too: nothing that is sent to a room reaches it any more. */
  leaveAll(): void {
    this.adapter.delAll(this.id);
  }

  /** Leaves the namespace; with `close` the connection goes too, and all its namespaces with it. */
  disconnect(close = false): this {
    if (!this.connected) return this;
    if (close) {
      this.client._disconnect();
      return this;
    }
    this.transmit({ type: PacketType.disconnect, nsp: this.nsp.name });
    this._onclose('server namespace disconnect');
    return this;
  }

  /** The namespace has let it in: tell the client. */
  _onconnect(): void {
    this.connected = true;
    void this.join(this.id);
    const data = this.pid === undefined ? { sid: this.id } : { sid: this.id, pid: this.pid };
    this.transmit({ type: PacketType.connect, nsp: this.nsp.name, data });
  }

  _onpacket(packet: Packet): void {
    if (packet.type === PacketType.event || packet.type === PacketType.binaryEvent) this.#onEvent(packet);
    else if (packet.type === PacketType.ack || packet.type === PacketType.binaryAck) this.answered(packet);
    else if (packet.type === PacketType.disconnect) this._onclose('client namespace disconnect');
  }

  #onEvent(packet: Packet): void {
    const event = (packet.data ?? []) as [string, ...unknown[]];
    if (packet.id !== undefined && packet.id !== null) event.push(this.#makeAck(packet.id));
    this.dispatch(event);
  }

  #makeAck(id: number): Fn {
    let isSent = false;
    return (...data) => {
      if (isSent) return;
      isSent = true;
      this.transmit({ type: PacketType.ack, nsp: this.nsp.name, data, id });
    };
  }

  /** The end, whoever wanted it: rooms are intact in `disconnecting` and gone in `disconnect`. */
  _onclose(reason: DisconnectReason, description?: unknown): void {
    if (!this.connected) return;
    this.emitReserved('disconnecting', reason, description);
    if (this.pid !== undefined && isRecoverable(reason)) {
      this.adapter.persistSession({ sid: this.id, pid: this.pid, rooms: [...this.rooms], data: this.data });
    }
    this._cleanup();
    this.client._remove(this);
    this.connected = false;
    this.emitReserved('disconnect', reason, description);
  }

  /** Leaves rooms and namespace, and joins none any more. */
  _cleanup(): void {
    this.leaveAll();
    this.nsp._remove(this);
    this.#hasLeft = true;
  }

  /** Refuses the client this namespace. */
  _error(data: { message: string; data?: unknown }): void {
    this.transmit({ type: PacketType.connectError, nsp: this.nsp.name, data });
  }

  protected get namespaceName(): string {
    return this.nsp.name;
  }

  protected get ticks(): Ticks {
    return this.client._ticks;
  }

  protected get listenerErrors(): ListenerErrorHook | undefined {
    return this.server._listenerErrors;
  }

  protected nack(ack: unknown): void {
    if (typeof ack === 'function') ack(this.server.opts.failedAck ?? defaultFailedAck);
  }
}

const defaultFailedAck = {
  ok: false,
  error: { code: 'internal-error', message: 'The event could not be handled.' },
};
