import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { DeviceTable } from '../../../hub/devices/device-table.ts';
import { DevicePresence, type Instant, type PresenceStart } from '../../../hub/devices/presence.ts';

const at = (ms: number): Instant => ({ wallMs: 1_000_000 + ms, monotonicMs: ms });
const minute = 60_000;
const hour = 60 * minute;

function fresh(start: PresenceStart = {}): DevicePresence {
  const table = new DeviceTable();
  const row = table.row(table.add());
  row.createdAt = 500;
  return new DevicePresence(row).start(start);
}

/** Heard every `intervalMs`, `times` times, from `fromMs` on. @returns when it was heard last */
function hear(presence: DevicePresence, intervalMs: number, times: number, fromMs = 0): number {
  for (let index = 0; index < times; index += 1) presence.heard(at(fromMs + index * intervalMs));
  return fromMs + (times - 1) * intervalMs;
}

/** Visits of two seconds, one every `intervalMs`. @returns what the presence was after each visit */
function visit(presence: DevicePresence, intervalMs: number, times: number, fromMs = 0): string[] {
  return Array.from({ length: times }, (_, index) => {
    const ms = fromMs + index * intervalMs;
    presence.connected(at(ms));
    presence.heard(at(ms + 1000));
    presence.disconnected(at(ms + 2000));
    return presence.presence;
  });
}

describe('Presence at the start', () => {
  test('who was never heard is unknown', () => {
    expect(fresh()).toMatchObject({ presence: 'unknown', since: 500, lastSeen: undefined });
  });

  test('who was heard in a life of which nothing else is known is offline since then', () => {
    const presence = fresh({ lastSeen: 900 });
    expect(presence).toMatchObject({ presence: 'offline', since: 900, lastSeen: 900 });
  });

  test('a restart changes nothing, and the time in which nobody listened is nobody’s silence', () => {
    const before = fresh();
    const last = hear(before, 30_000, 10);
    const present = before.record();
    expect(present).toEqual({ presence: 'online', since: 1_000_000, rhythmMs: 30_000 });
    const after = fresh({
      lastSeen: 1_000_000 + last,
      present,
      startedMs: 9_000_000,
    });
    expect(after).toMatchObject({ presence: 'online', since: 1_000_000, rhythmMs: 30_000 });
    expect(after.silent(at(9_000_000 + 89_999))).toBe(false);
    expect(after.silent(at(9_000_000 + 90_000))).toBe(true);
  });
});

describe('Signs of life', () => {
  test('something committed makes a device online, and says since when', () => {
    const presence = fresh();
    expect(presence.heard(at(10))).toBe(true);
    expect(presence).toMatchObject({
      presence: 'online',
      was: 'unknown',
      since: 1_000_010,
      lastSeen: 1_000_010,
    });
  });

  test('more of them change only when it was last seen', () => {
    const presence = fresh();
    presence.heard(at(10));
    expect(presence.heard(at(20))).toBe(false);
    expect(presence).toMatchObject({ since: 1_000_010, lastSeen: 1_000_020 });
  });

  test('the device may say so itself', () => {
    const presence = fresh();
    expect(presence.said('online', at(1))).toBe(true);
    expect(presence.said('offline', at(2))).toBe(true);
    expect(presence).toMatchObject({ presence: 'offline', was: 'online' });
  });
});

describe('Connections', () => {
  test('several may overlap; the end of the last one is offline', () => {
    const presence = fresh();
    presence.connected(at(0));
    presence.connected(at(1));
    expect(presence.disconnected(at(2))).toBe(false);
    expect(presence.presence).toBe('online');
    expect(presence.disconnected(at(3))).toBe(true);
    expect(presence.presence).toBe('offline');
  });

  test('what was on its way when the device left does not bring it back', () => {
    const presence = fresh();
    presence.connected(at(0));
    presence.disconnected(at(1000));
    expect(presence.heard(at(1500))).toBe(false);
    expect(presence.presence).toBe('offline');
  });

  test('what comes later does, although nobody holds a connection', () => {
    const presence = fresh();
    presence.said('offline', at(1000));
    expect(presence.heard(at(3000))).toBe(true);
  });
});

describe('Silence', () => {
  test('of a device without a rhythm is judged by the default, once, and a sign of life mends it', () => {
    const presence = fresh();
    presence.heard(at(0));
    expect(presence.silent(at(limits.presenceSilenceMs - 1))).toBe(false);
    expect(presence.silent(at(limits.presenceSilenceMs))).toBe(true);
    expect(presence.presence).toBe('stale');
    expect(presence.silent(at(limits.presenceSilenceMs + 1))).toBe(false);
    expect(presence.heard(at(limits.presenceSilenceMs + 2))).toBe(true);
  });

  test('that goes on means that the device is gone', () => {
    const presence = fresh();
    presence.heard(at(0));
    presence.silent(at(limits.presenceSilenceMs));
    expect(presence.silent(at(4 * limits.presenceSilenceMs))).toBe(true);
    expect(presence).toMatchObject({ presence: 'offline', was: 'stale' });
    expect(presence.silent(at(100 * limits.presenceSilenceMs))).toBe(false);
  });

  test('says nothing of who holds a connection and has no rhythm, or is gone', () => {
    const held = fresh();
    held.connected(at(0));
    expect(held.silent(at(100 * hour))).toBe(false);
    const gone = fresh();
    gone.said('offline', at(0));
    expect(gone.silent(at(100 * hour))).toBe(false);
  });

  test('a wall clock that jumps makes nobody stale', () => {
    const presence = fresh();
    presence.heard(at(0));
    expect(presence.silent({ wallMs: 9e12, monotonicMs: 10 })).toBe(false);
  });
});

describe('A rhythm', () => {
  test('is learnt, so that a device of an hour is not stale after ten minutes and one of ten seconds soon', () => {
    const slow = fresh();
    const lastOfSlow = hear(slow, hour, 5);
    expect(slow.rhythmMs).toBe(hour);
    expect(slow.silent(at(lastOfSlow + 3 * hour - 1))).toBe(false);
    expect(slow.silent(at(lastOfSlow + 3 * hour))).toBe(true);
    const quick = fresh();
    const lastOfQuick = hear(quick, 10_000, 5);
    expect(quick.silent(at(lastOfQuick + minute))).toBe(true);
  });

  test('also tells that a device which holds its connection has stopped sending', () => {
    const presence = fresh();
    presence.connected(at(0));
    const last = hear(presence, 10_000, 5);
    expect(presence.silent(at(last + minute))).toBe(true);
    expect(presence.silent(at(last + hour))).toBe(false);
    expect(presence.presence).toBe('stale');
  });

  test('a burst is one sign of life', () => {
    const presence = fresh();
    for (let cycle = 0; cycle < 5; cycle += 1) hear(presence, 200, 4, cycle * minute);
    expect(presence.rhythmMs).toBeGreaterThan(50_000);
  });

  test('that changes is learnt anew, an outage at most doubles it', () => {
    const presence = fresh();
    const last = hear(presence, 10_000, 10);
    presence.heard(at(last + 48 * hour));
    expect(presence.rhythmMs).toBe(20_000);
    hear(presence, hour, 10, last + 50 * hour);
    expect(presence.rhythmMs).toBe(hour);
    hear(presence, 10_000, 200, last + 60 * hour);
    expect(presence.rhythmMs).toBeLessThan(20_000);
  });

  test('that a person gives wins', () => {
    const presence = fresh();
    const last = hear(presence, 10_000, 5);
    expect(presence.silent(at(last + hour), hour)).toBe(false);
    expect(presence.silent(at(last + 3 * hour), hour)).toBe(true);
  });
});

describe('A device that sleeps', () => {
  const cycle = 15 * minute;

  test('is not gone when it leaves, once it is known to return in its rhythm', () => {
    const presence = fresh();
    const seen = visit(presence, cycle, 12);
    expect(seen.slice(0, 4)).toEqual(['offline', 'offline', 'offline', 'offline']);
    expect(seen.slice(6)).toEqual(Array(6).fill('online'));
    expect(presence.sleeps).toBe(true);
    expect(presence.silent(at(11 * cycle + 2 * cycle))).toBe(false);
  });

  test('that does not return is stale after its time, then gone; one good night and it sleeps again', () => {
    const presence = fresh();
    visit(presence, cycle, 12);
    const last = 11 * cycle + 2000;
    expect(presence.silent(at(last + 3.5 * cycle))).toBe(true);
    expect(presence.presence).toBe('stale');
    expect(presence.silent(at(last + 13 * cycle))).toBe(true);
    expect(presence.presence).toBe('offline');
    expect(visit(presence, cycle, 3, last + 20 * cycle).at(-1)).toBe('online');
  });

  test('survives a restart', () => {
    const presence = fresh();
    visit(presence, cycle, 12);
    const after = fresh({ lastSeen: 2, present: presence.record() });
    expect(after.sleeps).toBe(true);
  });

  test('is not one whose connection lasts longer than its rhythm: its leaving is told at once', () => {
    const presence = fresh();
    for (let round = 0; round < 6; round += 1) {
      presence.connected(at(round * hour));
      hear(presence, 10_000, 100, round * hour + 1000);
      presence.disconnected(at(round * hour + 1_200_000));
      expect(presence).toMatchObject({ presence: 'offline', sleeps: false });
    }
  });
});
