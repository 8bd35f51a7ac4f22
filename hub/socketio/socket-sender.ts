/**
 * The sending half of a socket: events with or without acknowledgement, to this client or to others.
 */
import { awaitAck } from './acks.ts';
import type { Adapter, BroadcastFlags, WriteOptions } from './adapter.ts';
import { BroadcastOperator, refuseReserved } from './broadcast.ts';
import type { Connection } from './connection.ts';
import type { Namespace } from './namespace.ts';
import { PacketType, type Packet } from './packet.ts';
import type { Room, SocketId } from './rooms.ts';
import { backlogRule, type SlowConsumerPolicy } from './slow-consumers.ts';
import type { Socket } from './socket.ts';
import { SocketListeners } from './socket-listeners.ts';
import type {
  AllButLast,
  DecorateAcknowledgements,
  DecorateAcknowledgementsWithMultipleResponses,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Fn,
  Last,
  Untyped,
} from './typed-events.ts';

type Operator<EmitEvents extends EventsMap, SocketData> = BroadcastOperator<
  DecorateAcknowledgementsWithMultipleResponses<EmitEvents>,
  SocketData
>;

const noFlags: BroadcastFlags = {};

export abstract class SocketSender<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> extends SocketListeners<ListenEvents, EmitEvents> {
  abstract override readonly id: SocketId;
  abstract readonly nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  abstract readonly client: Connection;
  /** For the next event only. */
  #flags: BroadcastFlags = noFlags;
  #acks: Map<number, Fn> | undefined;

  get adapter(): Adapter {
    return this.nsp.adapter;
  }

  /** Acknowledgements that are due, by id. */
  get acks(): Map<number, Fn> {
    this.#acks ??= new Map();
    return this.#acks;
  }

  /** Sends an event; a function as the last argument receives the acknowledgement. @throws {Error} the name is reserved */
  override emit<Name extends EventNames<EmitEvents>>(
    name: Name,
    ...args: EventParams<EmitEvents, Name>
  ): boolean {
    refuseReserved(name);
    const data: unknown[] = [name, ...args];
    const packet: Packet = { type: PacketType.event, nsp: this.nsp.name, data };
    const flags = this.#flags;
    this.#flags = noFlags;
    if (typeof data.at(-1) === 'function') {
      packet.id = this.nsp._ids++;
      awaitAck(this.acks, packet.id, data.pop() as Fn, flags.timeout);
    }
    if (this.nsp.server.opts.connectionStateRecovery) {
      // The adapter keeps it for the case that the client has gone.
      void this.adapter.broadcast(packet, { rooms: new Set([this.id]), except: new Set(), flags });
      return true;
    }
    this.notifyOutgoingListeners(packet);
    const backlog = backlogRule(this.nsp, flags, packet);
    this.transmit(packet, backlog === undefined ? flags : { ...flags, backlog });
    return true;
  }

  /** Resolves with the acknowledgement; after `timeout(ms)` rejects if there is none in time. */
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    name: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>> {
    const hasTimeout = this.#flags.timeout !== undefined;
    return new Promise((resolve, reject) => {
      const ack = hasTimeout
        ? (error: Error | null, answer: Untyped): void => (error ? reject(error) : resolve(answer))
        : (answer: Untyped): void => resolve(answer);
      this.emit(name, ...([...args, ack] as EventParams<EmitEvents, Name>));
    });
  }

  send(...args: EventParams<EmitEvents, 'message'>): this {
    this.emit('message', ...args);
    return this;
  }

  write(...args: EventParams<EmitEvents, 'message'>): this {
    return this.send(...args);
  }

  to(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.#others().to(room);
  }

  in(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.#others().in(room);
  }

  except(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.#others().except(room);
  }

  /** Everyone in the namespace but this socket. */
  get broadcast(): Operator<EmitEvents, SocketData> {
    return this.#others();
  }

  get local(): Operator<EmitEvents, SocketData> {
    return this.#others().local;
  }

  /** For the next event: whether it may be compressed. */
  compress(compress: boolean): this {
    this.#flags = { ...this.#flags, compress };
    return this;
  }

  /** For the next event: it may be lost if the client is not ready. */
  get volatile(): this {
    this.#flags = { ...this.#flags, volatile: true };
    return this;
  }

  /** For the next event: what happens to it if the client does not keep up. */
  policy(policy: SlowConsumerPolicy): this {
    this.#flags = { ...this.#flags, policy };
    return this;
  }

  /** For the next event: a later one with the same key takes its place while it waits for the client. */
  latest(key: string): this {
    this.#flags = { ...this.#flags, policy: 'latest', key };
    return this;
  }

  /** For the next event: how long to wait for its acknowledgement, in milliseconds. */
  timeout(
    timeout: number,
  ): Socket<ListenEvents, DecorateAcknowledgements<EmitEvents>, ServerSideEvents, SocketData> {
    this.#flags = { ...this.#flags, timeout };
    return this as Untyped;
  }

  /** Takes an acknowledgement; one that nobody waits for is ignored. */
  protected answered(packet: Packet): void {
    const id = packet.id as number;
    const ack = this.#acks?.get(id);
    if (ack === undefined) return;
    this.#acks?.delete(id);
    this.callOwn(ack, (packet.data ?? []) as unknown[], 'acknowledgement');
  }

  protected transmit(packet: Packet, options: WriteOptions = noFlags): void {
    this.client._packet(packet, options);
  }

  #others(): Operator<EmitEvents, SocketData> {
    const flags = this.#flags;
    this.#flags = noFlags;
    return new BroadcastOperator(this.adapter, new Set(), new Set([this.id]), flags);
  }
}
