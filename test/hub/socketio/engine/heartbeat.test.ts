import { describe, expect, test } from 'vitest';
import { DelayedActions, Heartbeat } from '../../../../hub/socketio/engine/heartbeat.ts';
import type { EngineClock, Heartbeating } from '../../../../hub/socketio/engine/heartbeat.ts';

class TestClock implements EngineClock {
  /** Timers of the system count whole milliseconds and may go off a fraction early. */
  earlyMs = 0;
  #nowMs = 0;
  readonly #timers = new Set<{ dueAtMs: number; action: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { dueAtMs: this.#nowMs + delayMs - this.earlyMs, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get timers(): number {
    return this.#timers.size;
  }

  advanceTo(nowMs: number): void {
    for (;;) {
      const [next] = [...this.#timers]
        .filter(({ dueAtMs }) => dueAtMs <= nowMs)
        .toSorted((a, b) => a.dueAtMs - b.dueAtMs);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = next.dueAtMs;
      next.action();
    }
    this.#nowMs = nowMs;
  }
}

function setUp() {
  const clock = new TestClock();
  const heartbeat = new Heartbeat({ pingInterval: 100, pingTimeout: 30 }, clock);
  const log: string[] = [];
  const peer = (name: string): Heartbeating => ({
    dueAtMs: 0,
    dueIn: undefined,
    dueBefore: undefined,
    dueAfter: undefined,
    ping: () => log.push(`ping ${name} at ${clock.nowMs()}`),
    pingTimedOut: () => log.push(`${name} timed out at ${clock.nowMs()}`),
  });
  return { clock, heartbeat, log, peer };
}

describe('Engine.IO v4, Heartbeat', () => {
  test('a ping comes after the interval, and the time is up without a pong', () => {
    const { clock, heartbeat, log, peer } = setUp();
    heartbeat.schedulePing(peer('a'));
    clock.advanceTo(200);
    expect(log).toEqual(['ping a at 100', 'a timed out at 130']);
    expect(clock.timers).toBe(0);
  });

  test('a timer that goes off a fraction early is early enough', () => {
    const { clock, heartbeat, log, peer } = setUp();
    clock.earlyMs = 0.5;
    heartbeat.schedulePing(peer('a'));
    clock.advanceTo(200);
    expect(log).toEqual(['ping a at 99.5', 'a timed out at 129']);
  });

  test('each session has its own time', () => {
    const { clock, heartbeat, log, peer } = setUp();
    const [a, b, c] = [peer('a'), peer('b'), peer('c')];
    heartbeat.schedulePing(a);
    clock.advanceTo(10);
    heartbeat.schedulePing(b);
    heartbeat.schedulePing(c);
    clock.advanceTo(105);
    heartbeat.schedulePing(a);
    heartbeat.stop(b);
    clock.advanceTo(200);
    expect(log).toEqual(['ping a at 100', 'ping c at 110', 'c timed out at 140']);
  });

  test('one timer serves them all, and is the last when they are gone', () => {
    const { clock, heartbeat, log, peer } = setUp();
    const peers = Array.from({ length: 50 }, (_, index) => peer(String(index)));
    for (const each of peers) heartbeat.schedulePing(each);
    expect(clock.timers).toBe(1);
    for (const each of peers) heartbeat.stop(each);
    clock.advanceTo(100);
    expect([log, clock.timers]).toEqual([[], 0]);
  });

  test('a timer left by those who went serves those who come', () => {
    const { clock, heartbeat, log, peer } = setUp();
    const a = peer('a');
    heartbeat.schedulePing(a);
    clock.advanceTo(40);
    heartbeat.stop(a);
    heartbeat.schedulePing(peer('b'));
    expect(clock.timers).toBe(1);
    clock.advanceTo(150);
    expect(log).toEqual(['ping b at 140']);
  });

  test('a shorter interval is kept by those who wait from then on', () => {
    const times = { pingInterval: 100, pingTimeout: 30 };
    const { clock, log, peer } = setUp();
    const heartbeat = new Heartbeat(times, clock);
    heartbeat.schedulePing(peer('a'));
    times.pingInterval = 20;
    heartbeat.schedulePing(peer('b'));
    clock.advanceTo(25);
    expect(log).toEqual(['ping b at 20']);
  });

  test('a sign of life puts the end off', () => {
    const { clock, heartbeat, log, peer } = setUp();
    const a = peer('a');
    heartbeat.schedulePing(a);
    clock.advanceTo(120);
    expect(heartbeat.isAwaitingPong(a)).toBe(true);
    heartbeat.extend(a);
    clock.advanceTo(149);
    expect(log).toEqual(['ping a at 100']);
    clock.advanceTo(150);
    expect(log).toEqual(['ping a at 100', 'a timed out at 150']);
  });
});

describe('delayed actions', () => {
  test('run after their time unless called off, on one timer', () => {
    const clock = new TestClock();
    const actions = new DelayedActions(50, clock);
    const log: string[] = [];
    const callOff = actions.add(() => log.push('first'));
    actions.add(() => log.push(`second at ${clock.nowMs()}`));
    expect(clock.timers).toBe(1);
    callOff();
    clock.advanceTo(100);
    expect([log, clock.timers]).toEqual([['second at 50'], 0]);
  });

  test('may be due later than a timer can wait', () => {
    const clock = new TestClock();
    let runs = 0;
    new DelayedActions(2 ** 31 + 10, clock).add(() => (runs += 1));
    clock.advanceTo(2 ** 31 + 8);
    expect(runs).toBe(0);
    clock.advanceTo(2 ** 31 + 10);
    expect(runs).toBe(1);
  });
});
