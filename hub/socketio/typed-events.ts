/**
 * The types of events: who may emit what to whom, and what an acknowledgement then looks like.
 * Types only, apart from the emitter base class that carries them.
 */
import { EventEmitter } from 'node:events';

/** What only the application knows the type of: Socket.IO's public types promise `any` there, so that untyped programs compile. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Untyped = any;

/** A function of the application, whatever it takes. */
export type Fn = (...args: Untyped[]) => Untyped;

export interface EventsMap {
  [event: string]: Untyped;
}

export interface DefaultEventsMap {
  [event: string]: (...args: Untyped[]) => void;
}

type IsAny<T> = 0 extends 1 & T ? true : false;

export type EventNames<Map extends EventsMap> = keyof Map & (string | symbol);
export type EventParams<Map extends EventsMap, Name extends EventNames<Map>> = Parameters<Map[Name]>;

/** The last element of a tuple; of a list of unknown length, its element. */
export type Last<T extends readonly unknown[]> = T extends readonly [infer Only]
  ? Only
  : T extends readonly [unknown, ...infer Tail]
    ? Last<Tail>
    : T extends readonly (infer Element)[]
      ? Element
      : never;

export type AllButLast<T extends Untyped[]> = T extends [...infer Head, unknown] ? Head : Untyped[];

/** Whether an event ends in an acknowledgement callback; untyped events may or may not. */
type AckOf<Listener> =
  IsAny<Listener> extends true
    ? 'maybe'
    : Listener extends (...args: infer Params) => unknown
      ? Params extends readonly []
        ? 'no'
        : IsAny<Last<Params>> extends true
          ? 'maybe'
          : Last<Params> extends Fn
            ? 'yes'
            : 'no'
      : 'no';

export type EventNamesWithAck<
  Map extends EventsMap,
  Names extends EventNames<Map> = EventNames<Map>,
> = Names & { [Name in Names]: AckOf<Map[Name]> extends 'no' ? never : Name }[Names];

export type EventNamesWithoutAck<
  Map extends EventsMap,
  Names extends EventNames<Map> = EventNames<Map>,
> = Names & { [Name in Names]: AckOf<Map[Name]> extends 'yes' ? never : Name }[Names];

export type RemoveAcknowledgements<Map extends EventsMap> = {
  [Name in EventNamesWithoutAck<Map>]: Map[Name];
};

type FirstParameter<T> = T extends (...args: infer Params) => Untyped ? Params[0] : never;

/** The events whose acknowledgement takes an error first: those that were given a timeout. */
export type EventNamesWithError<
  Map extends EventsMap,
  Names extends EventNamesWithAck<Map> = EventNamesWithAck<Map>,
> = Names &
  {
    [Name in Names]: IsAny<Map[Name]> extends true
      ? Name
      : IsAny<Last<Parameters<Map[Name]>>> extends true
        ? Name
        : FirstParameter<Last<Parameters<Map[Name]>>> extends Error
          ? Name
          : never;
  }[Names];

export type ReservedOrUserEventNames<Reserved extends EventsMap, User extends EventsMap> =
  EventNames<Reserved> | EventNames<User>;

export type ReservedOrUserListener<
  Reserved extends EventsMap,
  User extends EventsMap,
  Name extends ReservedOrUserEventNames<Reserved, User>,
> = OrUntyped<
  Name extends EventNames<Reserved> ? Reserved[Name] : Name extends EventNames<User> ? User[Name] : never
>;

type OrUntyped<Listener> = [Listener] extends [never]
  ? (...args: Untyped[]) => void | Promise<void>
  : Listener;

type FirstNonError<Params extends unknown[]> = Params[0] extends Error ? Params[1] : Params[0];

/** What an acknowledgement carries, past the error that a timeout puts first. */
export type FirstNonErrorArg<Ack> = Ack extends (...args: infer Params) => Untyped
  ? FirstNonError<Params>
  : Untyped;

type WithTimeoutError<Params extends Untyped[]> = {
  [K in keyof Params]: Params[K] extends (...args: infer AckParams) => infer Result
    ? AckParams[0] extends Error
      ? Params[K]
      : (err: Error, ...args: AckParams) => Result
    : Params[K];
};

type ListOfEach<T extends unknown[]> = { [K in keyof T]: T[K][] };

/** The first element as a tuple of one: taken this way it keeps its label. */
type FirstOnly<T extends Untyped[]> = T extends [Untyped, ...infer Rest]
  ? T extends [...infer First, ...Rest]
    ? First
    : never
  : never;

type WithManyResponses<Params extends Untyped[]> = {
  [K in keyof Params]: Params[K] extends (...args: infer AckParams) => infer Result
    ? AckParams extends [Error]
      ? (err: Error) => Result
      : AckParams extends [Error, ...infer Rest]
        ? (err: Error, ...args: FirstOnly<ListOfEach<Rest>>) => Result
        : AckParams extends []
          ? () => Result
          : (...args: FirstOnly<ListOfEach<AckParams>>) => Result
    : Params[K];
};

export type DecorateAcknowledgements<Map> = {
  [K in keyof Map]: Map[K] extends (...args: infer Params) => infer Result
    ? (...args: WithTimeoutError<Params>) => Result
    : Map[K];
};

export type DecorateAcknowledgementsWithMultipleResponses<Map> = {
  [K in keyof Map]: Map[K] extends (...args: infer Params) => infer Result
    ? (...args: WithManyResponses<Params>) => Result
    : Map[K];
};

export type DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Map> = {
  [K in keyof Map]: Map[K] extends (...args: infer Params) => infer Result
    ? (...args: WithManyResponses<WithTimeoutError<Params>>) => Result
    : Map[K];
};

/** The answers of all receivers to a broadcast whose event is acknowledged. */
export interface TypedEventBroadcaster<EmitEvents extends EventsMap> {
  emit<Name extends EventNames<EmitEvents>>(name: Name, ...args: EventParams<EmitEvents, Name>): boolean;
}

/** An event emitter whose names and arguments are checked; at run time it is node's own. */
export abstract class StrictEventEmitter<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ReservedEvents extends EventsMap,
>
  extends EventEmitter
  implements TypedEventBroadcaster<EmitEvents>
{
  override on<Name extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    name: Name,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Name>,
  ): this {
    return super.on(name, listener);
  }

  override once<Name extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    name: Name,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Name>,
  ): this {
    return super.once(name, listener);
  }

  override emit<Name extends EventNames<EmitEvents>>(
    name: Name,
    ...args: EventParams<EmitEvents, Name>
  ): boolean {
    return super.emit(name, ...args);
  }

  override listeners<Name extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    name: Name,
  ): ReservedOrUserListener<ReservedEvents, ListenEvents, Name>[] {
    return super.listeners(name) as ReservedOrUserListener<ReservedEvents, ListenEvents, Name>[];
  }

  /** Raises one of the library's own events. */
  emitReserved<Name extends EventNames<ReservedEvents>>(
    name: Name,
    ...args: EventParams<ReservedEvents, Name>
  ): boolean {
    return super.emit(name, ...args);
  }

  /** Raises an event that came over the wire: nothing is known of it. */
  emitUntyped(name: string, ...args: unknown[]): boolean {
    return super.emit(name, ...args);
  }
}
