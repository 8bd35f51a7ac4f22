import { describe, expect, test } from 'vitest';
import { Drain, type Line as Asked } from '../../../hub/namespaces/drain.ts';
import { FakeSocket } from './fake-socket.ts';

/** A line that carries so many bytes per second with so much delay, and whose buffers take everything at once. */
class Line {
  bytesPerSecond: number;
  /** How often it was asked. */
  pings = 0;
  readonly #latencyMs: number;
  #nowMs = 0;
  #sent = 0;
  #confirmed = 0;
  #read = 0;
  #ping: { readonly behind: number; readonly atMs: number } | undefined;
  #readAtMs: number | undefined;
  #roundTripMs: number | undefined;
  /** Of each frame: how old it was when the client had read it. */
  readonly agesMs: number[] = [];
  readonly #frames: { readonly end: number; readonly atMs: number }[] = [];
  readonly conn: Asked;

  constructor({ bytesPerSecond, latencyMs = 10 }: { bytesPerSecond: number; latencyMs?: number }) {
    this.bytesPerSecond = bytesPerSecond;
    this.#latencyMs = latencyMs;
    const fields = {
      unconfirmedBytes: () => this.#sent - this.#confirmed,
      pingAgeMs: () => this.#ping && this.#nowMs - this.#ping.atMs,
      roundTripMs: () => this.#roundTripMs,
      probe: () => () => {
        this.pings += 1;
        this.#ping = { behind: this.#sent, atMs: this.#nowMs };
      },
    };
    this.conn = Object.defineProperties(
      { bufferedBytes: 0 },
      Object.fromEntries(Object.entries(fields).map(([name, get]) => [name, { get }])),
    );
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  send(bytes: number): void {
    this.#sent += bytes;
    this.#frames.push({ end: this.#sent, atMs: this.#nowMs });
  }

  advance(ms: number): void {
    for (let step = 0; step < ms; step += 1) this.#tick();
  }

  #tick(): void {
    this.#nowMs += 1;
    this.#read = Math.min(this.#sent, this.#read + this.bytesPerSecond / 1000);
    for (let next = this.#frames[0]; next !== undefined && next.end <= this.#read; next = this.#frames[0]) {
      this.agesMs.push(this.#nowMs - next.atMs + this.#latencyMs);
      this.#frames.shift();
    }
    if (this.#ping === undefined) return;
    if (this.#ping.behind <= this.#read) this.#readAtMs ??= this.#nowMs;
    if (this.#readAtMs === undefined || this.#nowMs - this.#readAtMs < this.#latencyMs * 2) return;
    this.#confirmed = this.#ping.behind;
    this.#roundTripMs = this.#nowMs - this.#ping.atMs;
    this.#ping = undefined;
    this.#readAtMs = undefined;
  }
}

function drainOf(line: Line): Drain {
  return new Drain(line.conn, (action) => action());
}

/** Frames of a view at 10 Hz for a minute. @returns how many were sent */
function watch(line: Line, frameBytes: number, drain = drainOf(line)): number {
  let sent = 0;
  let isBehind = false;
  for (let frame = 0; frame < 600; frame += 1) {
    isBehind = isBehind ? !drain.hasCaughtUp(line.nowMs) : !drain.keepsUp(line.nowMs);
    if (!isBehind) {
      line.send(frameBytes);
      sent += 1;
    }
    line.advance(100);
  }
  return sent;
}

describe('A client on a slow line', () => {
  test('gets as much as the line carries, and what it sees stays seconds old', () => {
    const line = new Line({ bytesPerSecond: 8000 });
    const sent = watch(line, 3000);
    expect(sent).toBeGreaterThan(100);
    expect(sent).toBeLessThan(180);
    expect(Math.max(...line.agesMs.slice(-100))).toBeLessThan(3000);
  });

  test('the same with frames that are larger than what it can take in a second', () => {
    const line = new Line({ bytesPerSecond: 8000 });
    watch(line, 20_000);
    expect(line.agesMs.length).toBeGreaterThan(15);
    expect(Math.max(...line.agesMs.slice(-10))).toBeLessThan(4000);
  });
});

describe('A client on a good line', () => {
  test('is left out of nothing, however much it gets', () => {
    expect(watch(new Line({ bytesPerSecond: 10_000_000 }), 100_000)).toBe(600);
  });

  test('nor is one that is far away', () => {
    expect(watch(new Line({ bytesPerSecond: 1_000_000, latencyMs: 100 }), 20_000)).toBe(600);
  });
});

describe('A client that', () => {
  test('kept up for long and then reads nothing is found out, though it is asked more seldom', () => {
    const line = new Line({ bytesPerSecond: 10_000_000 });
    const drain = drainOf(line);
    expect(watch(line, 5000, drain)).toBe(600);
    const asked = line.pings;
    expect(asked).toBeLessThan(12);
    line.bytesPerSecond = 0;
    // The longest time between two questions, and the moment that the answer may take.
    expect(watch(line, 5000, drain)).toBeLessThan(100);
  });

  test('reads nothing is sent no more after a moment', () => {
    const line = new Line({ bytesPerSecond: 0 });
    expect(watch(line, 3000)).toBeLessThan(30);
  });

  test('answered while the hub was busy is not late: it is judged once the hub has read what came', () => {
    const fake = new FakeSocket();
    const turns: (() => void)[] = [];
    const drain = new Drain(fake.conn, (action) => turns.push(action));
    Object.assign(fake.conn, { unconfirmedBytes: 5000, pingAgeMs: 10, probe: () => undefined });
    expect(drain.keepsUp(0)).toBe(true);
    // Two seconds of something else, and two frames that were due meanwhile; then the pong is read.
    fake.conn.pingAgeMs = 2010;
    expect([drain.keepsUp(2000), drain.keepsUp(2001)]).toEqual([true, true]);
    fake.conn.pingAgeMs = undefined;
    turns.shift()?.();
    expect(drain.keepsUp(2100)).toBe(true);
    // The same without a pong.
    fake.conn.pingAgeMs = 2010;
    expect(drain.keepsUp(4200)).toBe(true);
    turns.shift()?.();
    expect(drain.keepsUp(4300)).toBe(false);
    fake.conn.pingAgeMs = undefined;
    expect(drain.keepsUp(4400)).toBe(true);
    expect(turns).toEqual([]);
  });

  test('has too much unsent is left out whatever its engine tells, until little is left', () => {
    const fake = new FakeSocket();
    const drain = new Drain(fake.conn);
    fake.bufferedBytes = 70_000;
    expect([drain.keepsUp(0), drain.hasCaughtUp(0)]).toEqual([false, false]);
    fake.bufferedBytes = 20_000;
    expect([drain.keepsUp(0), drain.hasCaughtUp(0)]).toEqual([true, false]);
    fake.bufferedBytes = 0;
    expect(drain.hasCaughtUp(0)).toBe(true);
  });
});
