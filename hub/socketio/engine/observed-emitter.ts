/**
 * An emitter that remembers whether anybody ever listened to its events about single packets and flushes. Hardly
 * anybody does, and a broadcast to thousands then asks a field instead of looking up listeners for each of them.
 */
import { LazyEmitter } from '../lazy-emitter.ts';
import type { Untyped } from '../typed-events.ts';

type Listener = (...args: Untyped[]) => void;

const detailed: ReadonlySet<string | symbol> = new Set(['packetCreate', 'flush', 'drain', 'ready']);

export class ObservedEmitter extends LazyEmitter {
  /** Never false again: whoever listened once may do so again. */
  isObserved = false;

  override on(name: string | symbol, listener: Listener): this {
    if (detailed.has(name)) this.isObserved = true;
    return super.on(name, listener);
  }

  override addListener(name: string | symbol, listener: Listener): this {
    return this.on(name, listener);
  }

  override prependListener(name: string | symbol, listener: Listener): this {
    if (detailed.has(name)) this.isObserved = true;
    return super.prependListener(name, listener);
  }
}
