/**
 * The target of a broadcast, built up step by step and never changed: each step returns a new operator.
 * Also the sockets of other servers, which are reached in the same way.
 */
import type { Adapter, BroadcastFlags, BroadcastOptions } from './adapter.ts';
import { BroadcastAck } from './acks.ts';
import type { Handshake } from './handshake.ts';
import { PacketType } from './packet.ts';
import { reservedEventNames } from './packet-reader.ts';
import type { Room, SocketId } from './rooms.ts';
import type { SlowConsumerPolicy } from './slow-consumers.ts';
import type {
  AllButLast,
  DecorateAcknowledgements,
  EventNames,
  EventNamesWithError,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Fn,
  Last,
  TypedEventBroadcaster,
  Untyped,
} from './typed-events.ts';

const nowhere: ReadonlySet<Room> = new Set();

export function listOf(rooms: Room | Room[]): Room[] {
  return Array.isArray(rooms) ? rooms : [rooms];
}

/** @throws {Error} the library raises this event itself, so nobody may send it */
export function refuseReserved(name: unknown, reserved: ReadonlySet<unknown> = reservedEventNames): void {
  if (reserved.has(name)) throw new Error(`"${String(name)}" is a reserved event name`);
}

export class BroadcastOperator<
  EmitEvents extends EventsMap,
  SocketData,
> implements TypedEventBroadcaster<EmitEvents> {
  readonly adapter: Adapter;
  readonly rooms: ReadonlySet<Room>;
  readonly exceptRooms: ReadonlySet<Room>;
  readonly flags: BroadcastFlags;

  constructor(
    adapter: Adapter,
    rooms: ReadonlySet<Room> = nowhere,
    exceptRooms: ReadonlySet<Room> = nowhere,
    flags: BroadcastFlags = {},
  ) {
    this.adapter = adapter;
    this.rooms = rooms;
    this.exceptRooms = exceptRooms;
    this.flags = flags;
  }

  /** Adds rooms to the target; a socket in several of them receives the event once. */
  to(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    const rooms = new Set([...this.rooms, ...listOf(room)]);
    return new BroadcastOperator(this.adapter, rooms, this.exceptRooms, this.flags);
  }

  in(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.to(room);
  }

  except(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    const exceptRooms = new Set([...this.exceptRooms, ...listOf(room)]);
    return new BroadcastOperator(this.adapter, this.rooms, exceptRooms, this.flags);
  }

  compress(compress: boolean): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ compress });
  }

  /** The event may be lost for receivers that are not ready. */
  get volatile(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ volatile: true });
  }

  /** What happens to the event at receivers that do not keep up. */
  policy(policy: SlowConsumerPolicy): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ policy });
  }

  /** A later event with the same key takes the place of this one where it still waits for a receiver. */
  latest(key: string): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ policy: 'latest', key });
  }

  /** Only the sockets of this server. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ local: true });
  }

  /** How long to wait for the acknowledgements, in milliseconds. */
  timeout(timeout: number): BroadcastOperator<DecorateAcknowledgements<EmitEvents>, SocketData> {
    return new BroadcastOperator(this.adapter, this.rooms, this.exceptRooms, { ...this.flags, timeout });
  }

  /** @throws {Error} the name is reserved */
  emit<Name extends EventNames<EmitEvents>>(name: Name, ...args: EventParams<EmitEvents, Name>): boolean {
    refuseReserved(name);
    const data: unknown[] = [name, ...args];
    const packet = { type: PacketType.event, nsp: '', data };
    if (typeof data.at(-1) !== 'function') {
      void this.adapter.broadcast(packet, this.#target());
      return true;
    }
    new BroadcastAck(data.pop() as Fn, this.adapter, this.flags).send(packet, this.#target());
    return true;
  }

  /** Resolves with the answers of all receivers; rejects at the timeout, with those that came as `error.responses`. */
  emitWithAck<Name extends EventNamesWithError<EmitEvents>>(
    name: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>> {
    return new Promise((resolve, reject) => {
      const ack = (error: (Error & { responses?: unknown }) | null, responses: Untyped): void => {
        if (error === null) resolve(responses);
        else reject(Object.assign(error, { responses }));
      };
      this.emit(name, ...([...args, ack] as EventParams<EmitEvents, Name>));
    });
  }

  /** @deprecated use `fetchSockets` or `serverSideEmit` */
  allSockets(): Promise<Set<SocketId>> {
    return this.adapter.sockets(new Set(this.rooms));
  }

  async fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    const sockets = await this.adapter.fetchSockets(this.#target());
    return sockets.map((socket: Untyped) =>
      'client' in socket ? socket : new RemoteSocket<EmitEvents, SocketData>(this.adapter, socket),
    );
  }

  socketsJoin(room: Room | Room[]): void {
    this.adapter.addSockets(this.#target(), listOf(room));
  }

  socketsLeave(room: Room | Room[]): void {
    this.adapter.delSockets(this.#target(), listOf(room));
  }

  disconnectSockets(close = false): void {
    this.adapter.disconnectSockets(this.#target(), close);
  }

  #with(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator(this.adapter, this.rooms, this.exceptRooms, { ...this.flags, ...flags });
  }

  #target(): BroadcastOptions {
    return {
      rooms: this.rooms as Set<Room>,
      except: this.exceptRooms as Set<Room>,
      flags: this.flags,
    };
  }
}

interface SocketDetails<SocketData> {
  readonly id: SocketId;
  readonly handshake: Handshake;
  readonly rooms: Iterable<Room>;
  readonly data: SocketData;
}

/** A socket that is connected to another server. */
export class RemoteSocket<
  EmitEvents extends EventsMap,
  SocketData,
> implements TypedEventBroadcaster<EmitEvents> {
  readonly id: SocketId;
  readonly handshake: Handshake;
  readonly rooms: Set<Room>;
  readonly data: SocketData;
  readonly operator: BroadcastOperator<EmitEvents, SocketData>;

  constructor(adapter: Adapter, details: SocketDetails<SocketData>) {
    this.id = details.id;
    this.handshake = details.handshake;
    this.rooms = new Set(details.rooms);
    this.data = details.data;
    this.operator = new BroadcastOperator(adapter, new Set([this.id]), nowhere, {
      expectSingleResponse: true,
    });
  }

  timeout(timeout: number): BroadcastOperator<DecorateAcknowledgements<EmitEvents>, SocketData> {
    return this.operator.timeout(timeout);
  }

  emit<Name extends EventNames<EmitEvents>>(name: Name, ...args: EventParams<EmitEvents, Name>): boolean {
    return this.operator.emit(name, ...args);
  }

  join(room: Room | Room[]): void {
    this.operator.socketsJoin(room);
  }

  leave(room: Room | Room[]): void {
    this.operator.socketsLeave(room);
  }

  disconnect(close = false): this {
    this.operator.disconnectSockets(close);
    return this;
  }
}
