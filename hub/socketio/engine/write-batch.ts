/**
 * Collects the connections that were written to within one tick and lets them write once, at its end:
 * ten events to a connection cost one system call instead of ten, and no timer delays the first.
 */
import type { Socket } from 'node:net';
import { frameBytes, longestTextFrame } from './frame.ts';
import type { Frame } from './frame.ts';

/** More than this is not held back until the end of the tick. */
export const batchBytes = 64 * 1024;

type OnTaken = (error?: Error | null) => void;

export interface Flushable {
  /** Writes what was collected. Must not throw. */
  flushFrames(): void;
}

/**
 * What one connection is to be sent, as the last link of a chain. Connections that get the same broadcasts in a row
 * hold the same chain: each costs them one reference, and the bytes are joined once for all of them.
 */
export class FrameChain {
  /** Of the whole chain. */
  bytes: number;
  #frame: Frame;
  readonly #before: FrameChain | undefined;
  readonly #isShared: boolean;
  #next: FrameChain | undefined = undefined;
  #joined: Frame | undefined = undefined;

  constructor(frame: Frame, before?: FrameChain, isShared = false) {
    this.#frame = frame;
    this.#before = before;
    this.#isShared = isShared;
    this.bytes = frame.length + (before === undefined ? 0 : before.bytes);
  }

  /** Whether this link is of that frame. */
  is(frame: Frame): boolean {
    return this.#frame === frame;
  }

  /** The chain with a frame for its holder alone; text is put to text. */
  followedBy(frame: Frame): FrameChain {
    if (this.#isShared || typeof frame !== 'string' || typeof this.#frame !== 'string')
      return new FrameChain(frame, this);
    this.#frame += frame;
    this.bytes += frame.length;
    return this;
  }

  /** The chain with a frame that others get as well. */
  followedByShared(frame: Frame): FrameChain {
    if (this.#next?.is(frame) !== true) this.#next = new FrameChain(frame, this, true);
    return this.#next;
  }

  /** All frames in one. */
  joined(): Frame {
    if (this.#before === undefined) return this.#frame;
    this.#joined ??= join(this.toArray(), this.bytes);
    return this.#joined;
  }

  /** `onTaken` is called once the kernel has it all, or cannot have it. */
  writeTo(socket: Socket, onTaken?: OnTaken): void {
    if (this.bytes <= batchBytes) {
      write(socket, this.joined(), onTaken);
      return;
    }
    // Large frames are not worth a copy.
    const frames = this.toArray();
    const last = frames.length - 1;
    socket.cork();
    frames.forEach((frame, index) => write(socket, frame, index === last ? onTaken : undefined));
    socket.uncork();
  }

  toArray(): Frame[] {
    const frames = [this.#frame];
    for (let link = this.#before; link !== undefined; link = link.#before) frames.push(link.#frame);
    return frames.toReversed();
  }
}

function write(socket: Socket, frame: Frame, onTaken?: OnTaken): void {
  if (typeof frame === 'string') socket.write(frame, 'latin1', onTaken);
  else socket.write(frame, onTaken);
}

function join(frames: readonly Frame[], bytes: number): Frame {
  if (bytes <= longestTextFrame && frames.every((frame) => typeof frame === 'string')) return frames.join('');
  return Buffer.concat(frames.map(frameBytes), bytes);
}

export class WriteBatch {
  #waiting: Flushable[] = [];
  #first: FrameChain | undefined = undefined;

  add(connection: Flushable): void {
    if (this.#waiting.length === 0) process.nextTick(flush, this);
    this.#waiting.push(connection);
  }

  /** The chain of a connection that is first sent a frame that others get as well. */
  beginShared(frame: Frame): FrameChain {
    if (this.#first?.is(frame) !== true) this.#first = new FrameChain(frame, undefined, true);
    return this.#first;
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#first = undefined;
    for (const connection of waiting) connection.flushFrames();
  }
}

function flush(batch: WriteBatch): void {
  batch.flush();
}
