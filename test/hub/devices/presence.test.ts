import { describe, expect, test } from 'vitest';
import { DevicePresence, type Instant } from '../../../hub/devices/presence.ts';

const silenceMs = 60_000;
const at = (ms: number): Instant => ({ wallMs: 1_000_000 + ms, monotonicMs: ms });

function fresh(): DevicePresence {
  return new DevicePresence({ createdAt: 500 });
}

describe('Presence at the start', () => {
  test('who was never heard is unknown', () => {
    expect(fresh()).toMatchObject({ presence: 'unknown', since: 500, lastSeen: undefined });
  });

  test('who was heard before a restart is offline since then', () => {
    const presence = new DevicePresence({ createdAt: 500, lastSeen: 900 });
    expect(presence).toMatchObject({ presence: 'offline', since: 900, lastSeen: 900 });
  });
});

describe('Signs of life', () => {
  test('something committed makes a device online, and says since when', () => {
    const presence = fresh();
    expect(presence.heard(at(10))).toBe(true);
    expect(presence).toMatchObject({ presence: 'online', since: 1_000_010, lastSeen: 1_000_010 });
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
    expect(presence.presence).toBe('offline');
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
  test('makes a device stale, once, and a sign of life mends it', () => {
    const presence = fresh();
    presence.heard(at(0));
    expect(presence.silent(at(silenceMs - 1), silenceMs)).toBe(false);
    expect(presence.silent(at(silenceMs), silenceMs)).toBe(true);
    expect(presence.presence).toBe('stale');
    expect(presence.silent(at(2 * silenceMs), silenceMs)).toBe(false);
    expect(presence.heard(at(2 * silenceMs + 1))).toBe(true);
  });

  test('says nothing of who holds a connection or is gone', () => {
    const held = fresh();
    held.connected(at(0));
    expect(held.silent(at(10 * silenceMs), silenceMs)).toBe(false);
    const gone = fresh();
    gone.said('offline', at(0));
    expect(gone.silent(at(10 * silenceMs), silenceMs)).toBe(false);
  });

  test('a wall clock that jumps makes nobody stale', () => {
    const presence = fresh();
    presence.heard(at(0));
    const jumped: Instant = { wallMs: 9e12, monotonicMs: 10 };
    expect(presence.silent(jumped, silenceMs)).toBe(false);
  });
});
