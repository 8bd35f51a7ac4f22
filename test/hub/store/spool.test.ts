import { describe, expect, test } from 'vitest';
import { Spool, type SpoolParts } from '../../../hub/store/spool.ts';

function open(parts: Partial<SpoolParts> = {}): Spool {
  return new Spool({
    maxBytes: 32_000,
    refuseWhenFull: true,
    cursor: 0,
    head: 0,
    textBytesPerRow: 0,
    moveCursor: async (offset) => offset,
    ...parts,
  });
}

describe('What waits for a follower of the journal', () => {
  test('is counted in rows and in bytes, with their texts', async () => {
    const spool = open();
    spool.appended(10, 500);
    expect(spool.spool()).toEqual({ waiting: 10, bytes: 820, maxBytes: 32_000 });
    expect(await spool.moveTo(10)).toBe(10);
    expect(spool.spool()).toMatchObject({ waiting: 0, bytes: 0 });
  });

  test('is estimated at the start from the next rows', () => {
    expect(open({ cursor: 40, head: 50, textBytesPerRow: 2.5 }).spool()).toMatchObject({
      waiting: 10,
      bytes: 345,
    });
  });

  test('is full above its bound, and not any more once the follower took some', async () => {
    const spool = open();
    spool.appended(1000, 0);
    expect(spool.refuses).toBe(false);
    spool.appended(1001, 0);
    expect(spool.refuses).toBe(true);
    await spool.moveTo(1);
    expect(spool.refuses).toBe(false);
  });

  test('never refuses where the follower lets go of the oldest', () => {
    const spool = open({ refuseWhenFull: false });
    spool.appended(5000, 0);
    expect(spool.refuses).toBe(false);
  });

  test('forgets the texts of what was taken', async () => {
    const spool = open({ maxBytes: 1e9 });
    for (let head = 50_000; head <= 500_000; head += 50_000) spool.appended(head, 1000);
    await spool.moveTo(300_000);
    expect(spool.spool()).toMatchObject({ waiting: 200_000, bytes: 200_000 * 32 + 4000 });
  });

  test('stays where it is when the move could not be made durable', async () => {
    const spool = open({ moveCursor: () => Promise.reject(new Error('disk full')) });
    spool.appended(10, 0);
    await expect(spool.moveTo(10)).rejects.toThrow('disk full');
    expect(spool.position()).toBe(0);
  });
});
