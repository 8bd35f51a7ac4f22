/**
 * The event emitter of a server is that of its namespace `/`: whatever is said to the one is heard by the other.
 */
import type { EventEmitter } from 'node:events';
import { BroadcastSurface } from './broadcast-surface.ts';
import type {
  EventsMap,
  Fn,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
  Untyped,
} from './typed-events.ts';

export abstract class MainNamespaceEvents<
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
  ReservedEvents extends EventsMap,
> extends BroadcastSurface<EmitEvents, ServerSideEvents, SocketData, ReservedEvents> {
  abstract readonly sockets: EventEmitter;

  override on<Name extends ReservedOrUserEventNames<ReservedEvents, ServerSideEvents>>(
    name: Name,
    listener: ReservedOrUserListener<ReservedEvents, ServerSideEvents, Name>,
  ): this {
    this.sockets.on(name, listener);
    return this;
  }

  override once<Name extends ReservedOrUserEventNames<ReservedEvents, ServerSideEvents>>(
    name: Name,
    listener: ReservedOrUserListener<ReservedEvents, ServerSideEvents, Name>,
  ): this {
    this.sockets.once(name, listener);
    return this;
  }

  override listeners<Name extends ReservedOrUserEventNames<ReservedEvents, ServerSideEvents>>(
    name: Name,
  ): ReservedOrUserListener<ReservedEvents, ServerSideEvents, Name>[] {
    return this.sockets.listeners(name) as Untyped[];
  }

  override addListener(name: string | symbol, listener: Fn): this {
    this.sockets.addListener(name, listener);
    return this;
  }

  override prependListener(name: string | symbol, listener: Fn): this {
    this.sockets.prependListener(name, listener);
    return this;
  }

  override prependOnceListener(name: string | symbol, listener: Fn): this {
    this.sockets.prependOnceListener(name, listener);
    return this;
  }

  override off(name: string | symbol, listener: Fn): this {
    this.sockets.off(name, listener);
    return this;
  }

  override removeListener(name: string | symbol, listener: Fn): this {
    this.sockets.removeListener(name, listener);
    return this;
  }

  override removeAllListeners(name?: string | symbol): this {
    // Called with an argument, even `undefined`, it would mean one event.
    if (name === undefined) this.sockets.removeAllListeners();
    else this.sockets.removeAllListeners(name);
    return this;
  }

  override rawListeners(name: string | symbol): Fn[] {
    return this.sockets.rawListeners(name) as Fn[];
  }

  override listenerCount(name: string | symbol, listener?: Fn): number {
    return this.sockets.listenerCount(name, listener);
  }

  override eventNames(): (string | symbol)[] {
    return this.sockets.eventNames();
  }

  override setMaxListeners(count: number): this {
    this.sockets.setMaxListeners(count);
    return this;
  }

  override getMaxListeners(): number {
    return this.sockets.getMaxListeners();
  }
}
