/**
 * An emitter of Node.js whose table of listeners is made for the first of them. The constructor of `EventEmitter` makes
 * one for each emitter, some 250 bytes, and most connections have parts that nobody ever listens to. Its methods do
 * without: they serve emitters that were never constructed, as old programs have them.
 */
import { EventEmitter } from 'node:events';

function withoutTable(): void {
  // Nothing to set up.
}
Object.setPrototypeOf(withoutTable, EventEmitter);
Object.setPrototypeOf(withoutTable.prototype as object, EventEmitter.prototype);

export const LazyEmitter = withoutTable as unknown as typeof EventEmitter;
export type LazyEmitter = EventEmitter;
