/**
 * Calls listeners one by one, so that one that throws or rejects neither ends the process nor keeps the others waiting.
 */
import type { EventEmitter } from 'node:events';
import type { Fn } from './typed-events.ts';

/** Where an error of the application's own code came from. */
export interface ListenerErrorContext {
  readonly namespace: string;
  readonly event: string;
  readonly socketId?: string | undefined;
}

/** Told of each error of a listener; what it throws itself is not caught. */
export type ListenerErrorHook = (error: unknown, context: ListenerErrorContext) => void;

/** Like `emitter.emit`, with `onError` called for each listener that fails, now or later. */
export function callListeners(
  emitter: EventEmitter,
  name: string | symbol,
  args: readonly unknown[],
  onError: (error: unknown) => void,
): boolean {
  const listeners = emitter.rawListeners(name) as Fn[];
  for (const listener of listeners) callGuarded(listener, emitter, args, onError);
  return listeners.length > 0;
}

/** Calls one function; a rejection of the promise it may return counts as its error. */
export function callGuarded(
  fn: Fn,
  self: unknown,
  args: readonly unknown[],
  onError: (error: unknown) => void,
): void {
  try {
    const result: unknown = Reflect.apply(fn, self, args);
    if (result instanceof Promise) result.catch(onError);
  } catch (error) {
    onError(error);
  }
}
