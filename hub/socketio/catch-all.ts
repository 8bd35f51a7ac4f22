/**
 * A list of catch-all listeners. Adding and removing makes a new list, so that the one being called stays as it is.
 */
import type { Fn } from './typed-events.ts';

export type CatchAll = readonly Fn[];

/** Shared by all sockets without such listeners: most of them. */
export const noListeners: CatchAll = [];

/** Without a listener: removes all of them. */
export function withoutListener(listeners: CatchAll, listener: Fn | undefined): CatchAll {
  if (listener === undefined) return noListeners;
  const at = listeners.indexOf(listener);
  return at === -1 ? listeners : listeners.toSpliced(at, 1);
}
