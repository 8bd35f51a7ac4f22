/**
 * The room on the disk of the data folder, and what gives way before there is none. First there is a warning; then
 * backups, imports and what nobody waits for (QoS 0, emits without acknowledgement) give way; last everything that comes
 * in is told *not now*. What stays free is for commands, logins, merging, letting go of old readings and a clean stop.
 */
import { statfs } from 'node:fs/promises';
import { TryAgainError } from '#contract/errors.ts';
import type { DiskState, DiskStatus } from '#contract/status.ts';
import type { Log } from '#ports';
import type { ReaderThread } from './threads.ts';

export interface Disk {
  /** What the hub may still take, bytes. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface RoomParts {
  /** Rejects when the system does not say: then only a write that fails tells. */
  readonly measure: () => Promise<Disk>;
  /** Bytes within the database that hold nothing: it fills them before it grows. */
  readonly reusableBytes: () => Promise<number>;
  readonly log: Log;
}

const mebibyte = 1024 * 1024;
/** Below a share of a small disk, or so many bytes of a large one, whichever is less: the tightest state first. */
const marks = [
  { state: 'full', share: 0.05, bytes: 256 * mebibyte },
  { state: 'short', share: 0.15, bytes: 1024 * mebibyte },
  { state: 'low', share: 0.3, bytes: 2048 * mebibyte },
] as const satisfies readonly { state: DiskState; share: number; bytes: number }[];
/** A state is left only with so much more than its mark, so that nobody is told yes and no in turns. */
const leaveAt = 1.1;

export class Room {
  readonly #parts: RoomParts;
  #status: DiskStatus | undefined;
  #isLooking = false;
  #isUnknown = false;

  constructor(parts: RoomParts) {
    this.#parts = parts;
  }

  /** Absent where the system does not say. */
  get status(): DiskStatus | undefined {
    return this.#status;
  }

  /** Why nothing is taken in. */
  get refusal(): string | undefined {
    return this.#status?.state === 'full'
      ? `only ${mebibytes(this.#status)} MiB of the disk are free`
      : undefined;
  }

  /** @param givesWay it is the first to go @throws {TryAgainError} there is no room for it now */
  require(givesWay: boolean): void {
    const { refusal } = this;
    if (refusal !== undefined)
      throw new TryAgainError('disk-full', `The hub stores nothing now: ${refusal}; send again later.`);
    if (givesWay && this.#status?.state === 'short')
      throw new TryAgainError('disk-short', 'The disk of the hub is nearly full; send again later.');
  }

  /** How full it is now. Never throws; a look that takes long is not begun twice. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      this.#become(await this.#measure());
      this.#isUnknown = false;
    } catch (error) {
      if (!this.#isUnknown) this.#parts.log.warn('How full the disk is cannot be told.', { error });
      this.#isUnknown = true;
      this.#status = undefined;
    } finally {
      this.#isLooking = false;
    }
  }

  async #measure(): Promise<DiskStatus> {
    const disk = await this.#parts.measure();
    const before = this.#status?.state;
    const state = stateOf(disk, before);
    if (state === 'enough') return { ...disk, state };
    const freeBytes = disk.freeBytes + (await this.#parts.reusableBytes());
    return { ...disk, state: stateOf({ ...disk, freeBytes }, before) };
  }

  #become(status: DiskStatus): void {
    const before = this.#status?.state ?? 'enough';
    this.#status = status;
    if (status.state === before) return;
    const { log } = this.#parts;
    const facts = { freeMiB: mebibytes(status) };
    if (status.state === 'full') log.error('The disk is full but for a reserve: nothing is taken in.', facts);
    else if (status.state === 'short')
      log.error('The disk is nearly full: backups, imports and what nobody waits for give way.', facts);
    else if (status.state === 'low') log.warn('The disk is filling up.', facts);
    else log.info('There is room on the disk again.', facts);
  }
}

/** Where a disk stands that stood at `before`. */
export function stateOf({ freeBytes, totalBytes }: Disk, before: DiskState = 'enough'): DiskState {
  const from = marks.findIndex(({ state }) => state === before);
  const found = marks.find(({ share, bytes }, index) => {
    const factor = from !== -1 && index >= from ? leaveAt : 1;
    return freeBytes < Math.min(totalBytes * share, bytes) * factor;
  });
  return found?.state ?? 'enough';
}

/** As the file system of a folder says it, for a process without special rights. */
export async function diskOf(folder: string): Promise<Disk> {
  const { bavail, blocks, bsize } = await statfs(folder);
  if (blocks === 0) throw new Error('The file system has no size.');
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** With what is known at the start. */
export async function openRoom(
  options: {
    readonly folder: string;
    readonly log: Log;
    readonly diskOf?: ((folder: string) => Promise<Disk>) | undefined;
  },
  reader: ReaderThread,
): Promise<Room> {
  const { folder, log, diskOf: measure = diskOf } = options;
  const reusableBytes = (): Promise<number> => reader.call('reusableBytes');
  const room = new Room({ measure: () => measure(folder), reusableBytes, log });
  await room.look();
  return room;
}

function mebibytes({ freeBytes }: Disk): number {
  return Math.floor(freeBytes / mebibyte);
}
