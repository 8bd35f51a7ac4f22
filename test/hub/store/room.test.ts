import { describe, expect, test } from 'vitest';
import { diskOf, Room, stateOf, type Disk } from '../../../hub/store/room.ts';
import { silentLog } from '../../support/fakes.ts';
import { temporaryFolder } from './temporary-file.ts';

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;
const small = (freeBytes: number): Disk => ({ freeBytes, totalBytes: 100 });

function roomOn(first: Disk, reusableBytes = 0) {
  const told: string[] = [];
  const tell = (text: string): void => void told.push(text);
  let disk: Disk | Error = first;
  const measure = async (): Promise<Disk> => {
    if (disk instanceof Error) throw disk;
    return disk;
  };
  const log = { ...silentLog, info: tell, warn: tell, error: tell };
  const room = new Room({ measure, reusableBytes: async () => reusableBytes, log });
  const becomes = async (next: Disk | Error): Promise<void> => {
    disk = next;
    await room.look();
  };
  return { room, told, becomes };
}

const refused = (code: string) => expect.objectContaining({ name: 'TryAgainError', code });

describe('The marks', () => {
  for (const [freeBytes, state] of [
    [30, 'enough'],
    [29, 'low'],
    [14, 'short'],
    [4, 'full'],
  ] as const)
    test(`with ${freeBytes} % of a small disk free it is ${state}`, () => {
      expect(stateOf(small(freeBytes))).toBe(state);
    });

  for (const [freeBytes, state] of [
    [2 * gibibyte, 'enough'],
    [2 * gibibyte - 1, 'low'],
    [gibibyte - 1, 'short'],
    [256 * mebibyte - 1, 'full'],
  ] as const)
    test(`a share of a large disk is no reason: with ${freeBytes / mebibyte} MiB free it is ${state}`, () => {
      expect(stateOf({ freeBytes, totalBytes: 1024 * gibibyte })).toBe(state);
    });

  test('a state is left only with a tenth more', () => {
    expect(stateOf(small(5.4), 'full')).toBe('full');
    expect(stateOf(small(5.6), 'full')).toBe('short');
    expect(stateOf(small(31), 'short')).toBe('low');
    expect(stateOf(small(34), 'full')).toBe('enough');
  });
});

describe('What gives way', () => {
  test('first what nobody waits for, then everything; with room again nothing, and each step is told once', async () => {
    const { room, told, becomes } = roomOn(small(50));
    await becomes(small(20));
    room.require(true);
    await becomes(small(10));
    await becomes(small(10));
    expect(() => room.require(true)).toThrow(refused('disk-short'));
    room.require(false);
    expect(room.refusal).toBeUndefined();
    await becomes(small(1));
    expect(() => room.require(true)).toThrow(refused('disk-full'));
    expect(() => room.require(false)).toThrow(refused('disk-full'));
    expect(room.refusal).toContain('0 MiB of the disk are free');
    await becomes(small(50));
    room.require(true);
    expect(told).toHaveLength(4);
  });

  test('pages of the database that hold nothing are room', async () => {
    const { room, becomes } = roomOn(small(50), 40);
    await becomes(small(1));
    expect(room.status).toEqual({ state: 'enough', freeBytes: 1, totalBytes: 100 });
  });

  test('where the system does not say how full the disk is, nothing is refused for it', async () => {
    const { room, told, becomes } = roomOn(small(1));
    await room.look();
    await becomes(new Error('EACCES'));
    await becomes(new Error('EACCES'));
    room.require(true);
    expect([room.status, told.length]).toEqual([undefined, 2]);
  });
});

test('the file system of a folder tells its size', async () => {
  const { freeBytes, totalBytes } = await diskOf(temporaryFolder());
  expect(totalBytes).toBeGreaterThan(freeBytes);
});
