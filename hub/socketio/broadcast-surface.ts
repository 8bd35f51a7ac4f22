/**
 * What server and namespace have in common: everything that addresses many sockets at once.
 */
import type { Adapter } from './adapter.ts';
import { BroadcastOperator, refuseReserved, type RemoteSocket } from './broadcast.ts';
import type { Room, SocketId } from './rooms.ts';
import type { SlowConsumerPolicy } from './slow-consumers.ts';
import {
  StrictEventEmitter,
  type AllButLast,
  type DecorateAcknowledgements,
  type DecorateAcknowledgementsWithMultipleResponses,
  type DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  type EventNames,
  type EventNamesWithAck,
  type EventNamesWithoutAck,
  type EventParams,
  type EventsMap,
  type FirstNonErrorArg,
  type Last,
  type RemoveAcknowledgements,
  type Untyped,
} from './typed-events.ts';

type Operator<EmitEvents extends EventsMap, SocketData> = BroadcastOperator<
  DecorateAcknowledgementsWithMultipleResponses<EmitEvents>,
  SocketData
>;

/** Events between servers that the library raises itself. */
const reservedServerSide: ReadonlySet<unknown> = new Set(['connect', 'connection', 'new_namespace']);

export abstract class BroadcastSurface<
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
  ReservedEvents extends EventsMap,
> extends StrictEventEmitter<ServerSideEvents, RemoveAcknowledgements<EmitEvents>, ReservedEvents> {
  /** The adapter that reaches the sockets. */
  protected abstract reach(): Adapter;

  #everyone(): Operator<EmitEvents, SocketData> {
    return new BroadcastOperator(this.reach());
  }

  /** Sends an event to every socket. @throws {Error} the name is reserved */
  override emit<Name extends EventNamesWithoutAck<EmitEvents>>(
    name: Name,
    ...args: EventParams<EmitEvents, Name>
  ): boolean {
    return new BroadcastOperator<EmitEvents, SocketData>(this.reach()).emit(name, ...args);
  }

  send(...args: EventParams<EmitEvents, 'message'>): this {
    new BroadcastOperator<Untyped, SocketData>(this.reach()).emit('message', ...args);
    return this;
  }

  write(...args: EventParams<EmitEvents, 'message'>): this {
    return this.send(...args);
  }

  to(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.#everyone().to(room);
  }

  in(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.#everyone().in(room);
  }

  except(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.#everyone().except(room);
  }

  compress(compress: boolean): Operator<EmitEvents, SocketData> {
    return this.#everyone().compress(compress);
  }

  get volatile(): Operator<EmitEvents, SocketData> {
    return this.#everyone().volatile;
  }

  /** What happens to the event at receivers that do not keep up, in place of the namespace's policy. */
  policy(policy: SlowConsumerPolicy): Operator<EmitEvents, SocketData> {
    return this.#everyone().policy(policy);
  }

  /** A later event with the same key takes the place of this one where it still waits for a receiver. */
  latest(key: string): Operator<EmitEvents, SocketData> {
    return this.#everyone().latest(key);
  }

  get local(): Operator<EmitEvents, SocketData> {
    return this.#everyone().local;
  }

  /** How long to wait for the acknowledgements of the receivers, in milliseconds. */
  timeout(
    timeout: number,
  ): BroadcastOperator<
    DecorateAcknowledgements<DecorateAcknowledgementsWithMultipleResponses<EmitEvents>>,
    SocketData
  > {
    return this.#everyone().timeout(timeout);
  }

  /** Raises an event at the other servers of the cluster. @throws {Error} the name is reserved */
  serverSideEmit<Name extends EventNames<ServerSideEvents>>(
    name: Name,
    ...args: EventParams<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<ServerSideEvents>, Name>
  ): boolean {
    refuseReserved(name, reservedServerSide);
    void this.reach().serverSideEmit([name, ...args]);
    return true;
  }

  /** Resolves with the answers of the other servers; rejects with those that came as `error.responses`. */
  serverSideEmitWithAck<Name extends EventNamesWithAck<ServerSideEvents>>(
    name: Name,
    ...args: AllButLast<EventParams<ServerSideEvents, Name>>
  ): Promise<FirstNonErrorArg<Last<EventParams<ServerSideEvents, Name>>>[]> {
    return new Promise((resolve, reject) => {
      const ack = (error: (Error & { responses?: unknown }) | null, responses: Untyped[]): void => {
        if (error === null || error === undefined) resolve(responses);
        else reject(Object.assign(error, { responses }));
      };
      refuseReserved(name, reservedServerSide);
      void this.reach().serverSideEmit([name, ...args, ack]);
    });
  }

  /** @deprecated use `fetchSockets` or `serverSideEmit` */
  allSockets(): Promise<Set<SocketId>> {
    return this.#everyone().allSockets();
  }

  fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    return new BroadcastOperator<EmitEvents, SocketData>(this.reach()).fetchSockets();
  }

  socketsJoin(room: Room | Room[]): void {
    this.#everyone().socketsJoin(room);
  }

  socketsLeave(room: Room | Room[]): void {
    this.#everyone().socketsLeave(room);
  }

  disconnectSockets(close = false): void {
    this.#everyone().disconnectSockets(close);
  }
}
