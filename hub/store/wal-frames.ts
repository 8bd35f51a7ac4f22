/**
 * How many pages lie in a write-ahead log since it was begun, whether their commits were finished or not.
 * Spec: sqlite.org, "WAL-mode File Format", the WAL file.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;

export interface WalFrames {
  /** Frames that belong to the present generation of the log. */
  readonly frames: number;
  /** The last one was written only in part. */
  readonly isTorn: boolean;
}

/** @param file the database @returns undefined if there is no log: the last one who used the file closed it */
export function walFrames(file: string): WalFrames | undefined {
  const path = `${file}-wal`;
  if (!existsSync(path)) return undefined;
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const header = read(descriptor, 0, headerBytes);
    if (size <= headerBytes) return size === 0 ? undefined : { frames: 0, isTorn: false };
    const frameBytes = frameHeaderBytes + header.readUInt32BE(8);
    const salts = header.subarray(16, 24);
    let frames = 0;
    let at = headerBytes;
    // Frames of an earlier generation, whose place is not written over yet, have other salts.
    while (
      at + frameHeaderBytes <= size &&
      read(descriptor, at, frameHeaderBytes).subarray(8, 16).equals(salts)
    ) {
      if (at + frameBytes > size) return { frames, isTorn: true };
      frames += 1;
      at += frameBytes;
    }
    return { frames, isTorn: false };
  } finally {
    closeSync(descriptor);
  }
}

function read(descriptor: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  readSync(descriptor, buffer, 0, bytes, position);
  return buffer;
}
