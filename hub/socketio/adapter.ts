/**
 * The in-memory adapter: who is in which room, and how one packet reaches many sockets.
 * It answers to the interface of the npm class `socket.io-adapter`, instances of which the server takes just as well.
 */
import type { EventEmitter } from 'node:events';
import type { Encoded, Packet } from './packet.ts';
import type { PacketEncoder } from './parser.ts';
import { Rooms, type PrivateSessionId, type Room, type SocketId } from './rooms.ts';
import { SharedPacket } from './shared-packet.ts';
import type { BacklogRule, SlowConsumerNamespace, SlowConsumerPolicy } from './slow-consumers.ts';
import type { Untyped } from './typed-events.ts';

export interface BroadcastFlags {
  volatile?: boolean | undefined;
  compress?: boolean | undefined;
  local?: boolean | undefined;
  broadcast?: boolean | undefined;
  binary?: boolean | undefined;
  timeout?: number | undefined;
  expectSingleResponse?: boolean | undefined;
  /** At receivers that do not keep up; the namespace's own if not said. */
  policy?: SlowConsumerPolicy | undefined;
  /** What a later event with the same key outdates. */
  key?: string | undefined;
}

export interface BroadcastOptions {
  rooms: Set<Room>;
  except?: Set<Room> | undefined;
  flags?: BroadcastFlags | undefined;
}

/** What of a session outlives its connection. */
export interface SavedSession {
  sid: SocketId;
  pid: PrivateSessionId;
  rooms: Room[];
  data: unknown;
}

export type Session = SavedSession & { missedPackets: unknown[][] };

/** How the packets of one write are to be treated. All receivers of a broadcast share one: the engine keeps its frame there. */
export interface WriteOptions {
  compress?: boolean | undefined;
  volatile?: boolean | undefined;
  preEncoded?: boolean | undefined;
  /** The first packet as a finished WebSocket frame; adapters of others bring it. */
  wsPreEncodedFrame?: readonly Uint8Array[] | undefined;
  /** What to do if the client does not keep up; without it, nothing. */
  backlog?: BacklogRule | undefined;
}

/** What the server calls on an adapter. */
export interface Adapter extends EventEmitter {
  readonly rooms: Map<Room, Set<SocketId>>;
  readonly sids: Map<SocketId, Set<Room>>;
  init(): Promise<void> | void;
  close(): Promise<void> | void;
  serverCount(): Promise<number>;
  addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void;
  del(id: SocketId, room: Room): Promise<void> | void;
  delAll(id: SocketId): void;
  broadcast(packet: Packet, options: BroadcastOptions): Promise<unknown> | void;
  broadcastWithAck(
    packet: Packet,
    options: BroadcastOptions,
    clientCount: (count: number) => void,
    ack: (...args: Untyped[]) => void,
  ): unknown;
  sockets(rooms: Set<Room>): Promise<Set<SocketId>>;
  socketRooms(id: SocketId): Set<Room> | undefined;
  fetchSockets(options: BroadcastOptions): Promise<Untyped[]>;
  addSockets(options: BroadcastOptions, rooms: Room[]): void;
  delSockets(options: BroadcastOptions, rooms: Room[]): void;
  disconnectSockets(options: BroadcastOptions, close: boolean): void;
  serverSideEmit(packet: Untyped[]): Promise<unknown> | void;
  persistSession(session: SavedSession): void;
  restoreSession(pid: PrivateSessionId, offset: string): Promise<Session | null | undefined>;
}

/** What an adapter needs of a socket. */
export interface AdapterSocket {
  readonly id: SocketId;
  readonly acks: Map<number, (...args: Untyped[]) => void>;
  readonly client: { writeToEngine(packets: Encoded, options: WriteOptions): void };
  notifyOutgoingListeners(packet: Packet): void;
  join(rooms: Room | Room[]): Promise<void> | void;
  leave(room: Room): Promise<void> | void;
  disconnect(close?: boolean): unknown;
}

/** What an adapter needs of its namespace. */
export interface AdapterNamespace extends SlowConsumerNamespace {
  readonly name: string;
  readonly sockets: ReadonlyMap<SocketId, AdapterSocket>;
  readonly server: SlowConsumerNamespace['server'] & { readonly encoder: PacketEncoder };
  _ids: number;
}

const everywhere: ReadonlySet<Room> = new Set();

export class MemoryAdapter extends Rooms implements Adapter {
  readonly nsp: AdapterNamespace;

  constructor(nsp: AdapterNamespace) {
    super();
    this.nsp = nsp;
  }

  init(): Promise<void> | void {}

  close(): Promise<void> | void {}

  serverCount(): Promise<number> {
    return Promise.resolve(1);
  }

  broadcast(packet: Packet, options: BroadcastOptions): void {
    const frame = this.#prepare(packet, options);
    const { sockets } = this.nsp;
    // Without #matching: this loop is where a busy server spends its time.
    for (const id of this.members(options.rooms ?? everywhere, options.except)) {
      const socket = sockets.get(id);
      if (socket !== undefined) frame.writeTo(socket);
    }
  }

  /**
   * Sends a packet to each matching socket and hands every answer to `ack`.
   * @returns a function that forgets the answers still due
   */
  broadcastWithAck(
    packet: Packet,
    options: BroadcastOptions,
    clientCount: (count: number) => void,
    ack: (...args: Untyped[]) => void,
  ): () => void {
    const id = this.nsp._ids++;
    packet.id = id;
    const frame = this.#prepare(packet, options);
    const asked: AdapterSocket[] = [];
    for (const socket of this.#matching(options)) {
      socket.acks.set(id, ack);
      asked.push(socket);
      frame.writeTo(socket);
    }
    clientCount(asked.length);
    return () => {
      for (const socket of asked) socket.acks.delete(id);
    };
  }

  sockets(rooms: Set<Room>): Promise<Set<SocketId>> {
    const ids = new Set<SocketId>();
    for (const socket of this.#matching({ rooms })) ids.add(socket.id);
    return Promise.resolve(ids);
  }

  fetchSockets(options: BroadcastOptions): Promise<AdapterSocket[]> {
    return Promise.resolve([...this.#matching(options)]);
  }

  addSockets(options: BroadcastOptions, rooms: Room[]): void {
    for (const socket of this.#matching(options)) void socket.join(rooms);
  }

  delSockets(options: BroadcastOptions, rooms: Room[]): void {
    for (const socket of this.#matching(options)) for (const room of rooms) void socket.leave(room);
  }

  disconnectSockets(options: BroadcastOptions, close: boolean): void {
    for (const socket of this.#matching(options)) socket.disconnect(close);
  }

  serverSideEmit(_packet: Untyped[]): Promise<unknown> | void {
    process.emitWarning('this adapter does not support the serverSideEmit() functionality', {
      code: 'SOCKETIO_NO_SERVER_SIDE_EMIT',
    });
  }

  persistSession(_session: SavedSession): void {}

  restoreSession(_pid: PrivateSessionId, _offset: string | undefined): Promise<Session | undefined> {
    return Promise.resolve(undefined);
  }

  *#matching({ rooms, except }: BroadcastOptions): Iterable<AdapterSocket> {
    const { sockets } = this.nsp;
    for (const id of this.members(rooms ?? everywhere, except)) {
      const socket = sockets.get(id);
      if (socket !== undefined) yield socket;
    }
  }

  #prepare(packet: Packet, { flags = {} }: BroadcastOptions): SharedPacket {
    packet.nsp = this.nsp.name;
    return new SharedPacket(this.nsp, packet, flags);
  }
}
