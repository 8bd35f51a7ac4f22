/**
 * The receiving half of a socket: middlewares, catch-all listeners, and listeners for one event each.
 */
import { EventEmitter } from 'node:events';
import { noListeners, withoutListener, type CatchAll } from './catch-all.ts';
import { callGuarded, callListeners, type ListenerErrorHook } from './listener-guard.ts';
import { runMiddlewares, type Middleware } from './middleware.ts';
import type { Packet } from './packet.ts';
import type { Ticks } from './ticks.ts';
import {
  StrictEventEmitter,
  type EventNames,
  type EventParams,
  type EventsMap,
  type Fn,
  type Untyped,
} from './typed-events.ts';

export type DisconnectReason =
  | 'transport error'
  | 'transport close'
  | 'forced close'
  | 'ping timeout'
  | 'parse error'
  | 'server shutting down'
  | 'forced server close'
  | 'client namespace disconnect'
  | 'server namespace disconnect'
  // Of our engine, if its limits are set.
  | 'slow consumer'
  | 'packet rate exceeded'
  | 'byte rate exceeded'
  | 'too many packets in a payload';

export interface SocketReservedEventsMap {
  disconnect: (reason: DisconnectReason, description?: Untyped) => void;
  disconnecting: (reason: DisconnectReason, description?: Untyped) => void;
  error: (err: Error) => void;
}

/** An event as middlewares see it: its name, its arguments, and the acknowledgement if one is wanted. */
export type Event = [string, ...Untyped[]];

type CatchAllListener = (...args: Untyped[]) => void;

export abstract class SocketListeners<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
> extends StrictEventEmitter<ListenEvents, EmitEvents, SocketReservedEventsMap> {
  abstract readonly id: string;
  connected = false;
  #incoming: CatchAll = noListeners;
  #outgoing: CatchAll = noListeners;
  #middlewares: readonly Middleware<Event>[] = [];

  /** Where errors of listeners go; `undefined`: nowhere, they are uncaught. */
  protected abstract readonly listenerErrors: ListenerErrorHook | undefined;
  protected abstract readonly namespaceName: string;
  protected abstract readonly ticks: Ticks;

  /** Adds a middleware for incoming events; its error is raised as `error` on this socket only. */
  use(middleware: (event: Event, next: (error?: Error) => void) => unknown): this {
    this.#middlewares = [...this.#middlewares, middleware];
    return this;
  }

  /** Listens to all that comes in, before the middlewares; an acknowledgement is the last argument. */
  onAny(listener: CatchAllListener): this {
    this.#incoming = [...this.#incoming, listener];
    return this;
  }

  prependAny(listener: CatchAllListener): this {
    this.#incoming = [listener, ...this.#incoming];
    return this;
  }

  /** Without a listener: removes all of them. */
  offAny(listener?: CatchAllListener): this {
    this.#incoming = withoutListener(this.#incoming, listener);
    return this;
  }

  listenersAny(): CatchAllListener[] {
    return [...this.#incoming];
  }

  /** Listens to all that goes out, acknowledgement callbacks excluded. */
  onAnyOutgoing(listener: CatchAllListener): this {
    this.#outgoing = [...this.#outgoing, listener];
    return this;
  }

  prependAnyOutgoing(listener: CatchAllListener): this {
    this.#outgoing = [listener, ...this.#outgoing];
    return this;
  }

  /** Without a listener: removes all of them. */
  offAnyOutgoing(listener?: CatchAllListener): this {
    this.#outgoing = withoutListener(this.#outgoing, listener);
    return this;
  }

  listenersAnyOutgoing(): CatchAllListener[] {
    return [...this.#outgoing];
  }

  /** Called by adapters for broadcasts too. */
  notifyOutgoingListeners(packet: Packet): void {
    if (this.#outgoing.length === 0) return;
    for (const listener of this.#outgoing)
      this.callOwn(listener, packet.data as unknown[], (packet.data as unknown[])[0]);
  }

  override emitReserved<Name extends EventNames<SocketReservedEventsMap>>(
    name: Name,
    ...args: EventParams<SocketReservedEventsMap, Name>
  ): boolean {
    // An `error` nobody listens to is no reason to end the process.
    if (name === 'error' && this.listenerCount('error') === 0) return false;
    return this.#raise([name, ...args]);
  }

  /** Hands an event to the listeners: catch-all at once, then middlewares, then its own in the next tick. */
  protected dispatch(event: Event): void {
    for (const listener of this.#incoming) this.callOwn(listener, event, event[0]);
    if (this.#middlewares.length === 0) {
      this.ticks.add(deliver, this, event);
      return;
    }
    const report = this.listenerErrors;
    runMiddlewares({
      middlewares: this.#middlewares,
      subject: event,
      // In a tick of its own: a middleware may take its time, and what it has set up around it is to be kept.
      done: (error) => process.nextTick(deliver, this, event, error),
      report: report && ((error) => this.#failed(report, error, event)),
    });
  }

  /** The end of `dispatch`; a socket that was disconnected meanwhile hears nothing more. */
  _deliver(event: Event, error: Error | undefined): void {
    if (error !== undefined) {
      this._onerror(error);
      return;
    }
    // Nor is an `error` nobody listens to a reason to end the process.
    if (!this.connected || this.listenerCount(event[0]) === 0) return;
    this.#raise(event);
  }

  /** Raises `error` on this socket; harmless if nobody listens. */
  _onerror(error: Error): void {
    this.emitReserved('error', error);
  }

  #raise(event: Event): boolean {
    const report = this.listenerErrors;
    // Straight to node's emitter: each override on the way would copy the arguments once more.
    if (report === undefined) return EventEmitter.prototype.emit.call(this, ...event);
    const [name, ...args] = event;
    return callListeners(this, name, args, (error) => this.#failed(report, error, event));
  }

  /** Calls a function of the application; `event` says in reports what it was called for. */
  protected callOwn(fn: Fn, args: unknown[], event: unknown): void {
    const report = this.listenerErrors;
    if (report === undefined) fn.apply(this, args);
    else callGuarded(fn, this, args, (error) => this.#report(report, error, event));
  }

  /** An event is lost: who waits for its acknowledgement is told. */
  #failed(report: ListenerErrorHook, error: unknown, event: unknown[]): void {
    this.#report(report, error, event[0]);
    this.nack(event.at(-1));
  }

  #report(report: ListenerErrorHook, error: unknown, event: unknown): void {
    report(error, { namespace: this.namespaceName, event: String(event), socketId: this.id });
  }

  /** Answers an acknowledgement in place of a listener that failed. */
  protected abstract nack(ack: unknown): void;
}

/** A plain function: no closure for each event. */
function deliver(
  socket: { _deliver(event: Event, error: Error | undefined): void },
  event: Event,
  error?: Error,
): void {
  socket._deliver(event, error);
}
