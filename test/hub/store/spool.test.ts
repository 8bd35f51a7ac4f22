import { beforeEach, describe, expect, test } from 'vitest';
import { Spool, type SpoolAtStart, type SpoolParts } from '../../../hub/store/spool.ts';
import { ManualClock } from '../../support/manual-clock.ts';

let clock: ManualClock;
/** What the file was told to remember. */
let moves: { readonly offset: number; readonly sinceMs: number }[];
beforeEach(() => {
  clock = new ManualClock();
  moves = [];
});

const nowMs = (): number => clock.nowUs() / 1000;

function open(parts: Partial<SpoolParts> = {}, start: Partial<SpoolAtStart> = {}): Spool {
  return new Spool({
    maxBytes: 32_000,
    refuseWhenFull: true,
    start: { cursor: 0, head: 0, textBytesPerRow: 0, sinceMs: nowMs(), ...start },
    clock,
    moveCursor: async (offset, sinceMs) => {
      moves.push({ offset, sinceMs });
      return offset;
    },
    ...parts,
  });
}

describe('What waits for a follower of the journal', () => {
  test('is counted in rows and in bytes, with their texts', async () => {
    const spool = open();
    spool.appended(10, 500);
    expect(spool.spool()).toEqual({ waiting: 10, bytes: 820, maxBytes: 32_000, ageSeconds: 0 });
    expect(await spool.moveTo(10)).toBe(10);
    expect(spool.spool()).toMatchObject({ waiting: 0, bytes: 0 });
  });

  test('is estimated at the start from the next rows', () => {
    expect(open({}, { cursor: 40, head: 50, textBytesPerRow: 2.5 }).spool()).toMatchObject({
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

describe('How long the oldest has waited', () => {
  test('grows with time, and is that of what is still there', async () => {
    const spool = open();
    spool.appended(10, 0);
    clock.advance(60_000);
    spool.appended(20, 0);
    clock.advance(5000);
    expect(spool.spool().ageSeconds).toBe(65);
    await spool.moveTo(4);
    expect(spool.spool().ageSeconds).toBe(65);
    await spool.moveTo(10);
    expect(spool.spool().ageSeconds).toBe(5);
    await spool.moveTo(20);
    expect(spool.spool()).toMatchObject({ waiting: 0, ageSeconds: 0 });
  });

  test('is told to the file with each move, and counted on from there at the next start', async () => {
    const spool = open();
    const begin = nowMs();
    spool.appended(10, 0);
    clock.advance(60_000);
    spool.appended(20, 0);
    await spool.moveTo(5);
    await spool.moveTo(10);
    await spool.moveTo(20);
    expect(moves).toEqual([
      { offset: 5, sinceMs: begin },
      { offset: 10, sinceMs: begin + 60_000 },
      { offset: 20, sinceMs: begin + 60_000 },
    ]);
    clock.advance(30_000);
    const reopened = open({}, { cursor: 5, head: 20, sinceMs: begin });
    expect(reopened.spool().ageSeconds).toBe(90);
    // A clock that was set back makes nothing younger than now.
    expect(open({}, { cursor: 5, head: 20, sinceMs: nowMs() + 1e9 }).spool().ageSeconds).toBe(0);
  });

  test('of what is to be taken again counts from when that was asked for', async () => {
    const spool = open();
    spool.appended(10, 0);
    await spool.moveTo(10);
    clock.advance(120_000);
    await spool.moveTo(2);
    clock.advance(3000);
    expect(spool.spool()).toMatchObject({ waiting: 8, ageSeconds: 3 });
    spool.appended(11, 0);
    await spool.moveTo(10);
    expect(spool.spool()).toMatchObject({ waiting: 1, ageSeconds: 0 });
  });

  test('is not younger for going back further', async () => {
    const spool = open();
    spool.appended(10, 0);
    await spool.moveTo(5);
    clock.advance(120_000);
    await spool.moveTo(2);
    expect(spool.spool()).toMatchObject({ waiting: 8, ageSeconds: 120 });
  });

  test('of days is still told to a minute or so, in a list that stays short', async () => {
    const spool = open({ maxBytes: 1e12 });
    const days = 3;
    for (let second = 1; second <= days * 86_400; second += 1) {
      clock.advance(1000);
      spool.appended(second, 1);
    }
    expect(spool.spool()).toMatchObject({ waiting: days * 86_400, ageSeconds: days * 86_400 - 1 });
    await spool.moveTo(2 * 86_400);
    expect(Math.abs(spool.spool().ageSeconds - 86_400)).toBeLessThan(130);
  });
});
