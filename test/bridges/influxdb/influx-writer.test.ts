import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { InfluxWriter, type InfluxWriterOptions } from '../../../bridges/influxdb/influx-writer.ts';
import type { FollowedPage, FollowedReading, QuarantineStore } from '#ports';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { followed, series } from './support/followed.ts';
import { StubInflux } from './support/stub-influx.ts';

/** A journal in memory with its cursor, and a spool of 32 bytes a reading. */
class FakeJournal {
  readonly readings: FollowedReading[] = [];
  readonly #series = series();
  maxBytes = 1e9;
  #cursor = 0;

  add(count: number): void {
    for (let n = 0; n < count; n += 1) {
      const offset = this.readings.length + 1;
      this.readings.push(followed(this.#series, offset, { timeUs: 1_780_000_000_000_000 + offset }));
    }
  }
  head = (): number => this.readings.length;
  tail = (): number => 1;
  async read(after: number, limit: number): Promise<FollowedPage> {
    const readings = this.readings.slice(after, after + limit);
    const offset = after + readings.length;
    return { readings, offset, more: offset < this.readings.length };
  }
  position = (): number => this.#cursor;
  async moveTo(offset: number): Promise<number> {
    return (this.#cursor = offset);
  }
  spool() {
    const waiting = this.head() - this.#cursor;
    return { waiting, bytes: waiting * 32, maxBytes: this.maxBytes, ageSeconds: waiting * 0.3 };
  }
}

let stub: StubInflux;
let journal: FakeJournal;
let clock: ManualClock;
let counters: CountersProbe;

beforeEach(async () => {
  stub = await StubInflux.start();
  journal = new FakeJournal();
  clock = new ManualClock();
  counters = new CountersProbe();
});

async function start(options: Partial<InfluxWriterOptions> = {}): Promise<InfluxWriter> {
  const writer = new InfluxWriter({
    target: { url: stub.url, bucket: 'signalbox', token: 'secret' },
    journal,
    follower: journal,
    quarantine: { add: async () => {} } as unknown as QuarantineStore,
    dropOldest: false,
    clock,
    log: silentLog,
    counters,
    random: () => 1,
    ...options,
  });
  await writer.start();
  onTestFinished(async () => {
    await stub[Symbol.asyncDispose]();
    await ended(writer.stop());
  });
  return writer;
}

/** Lets time pass until a fact holds: the writer waits by the clock, and for real requests. */
async function passUntil(isTrue: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`cursor ${journal.position()}, ${stub.points.size} points`);
    clock.advance(10);
    await setImmediate();
  }
}

async function ended(work: Promise<void>): Promise<void> {
  let isDone = false;
  const done = work.then(() => (isDone = true));
  await passUntil(() => isDone);
  await done;
}

describe('The way from the journal to InfluxDB', () => {
  test('everything arrives in batches, and the cursor follows', async () => {
    const writer = await start();
    journal.add(12_000);
    await passUntil(() => journal.position() === 12_000);
    expect(stub.writes.map((lines) => lines.length)).toEqual([5000, 5000, 2000]);
    expect(stub.points.size).toBe(12_000);
    expect(writer.status()).toMatchObject({ name: 'influxdb', state: 'up', detail: '0 readings wait' });
  });

  test('the cursor stays while the database is away, and status says how much waits', async () => {
    stub.script = Array.from({ length: 5 }, () => ({ status: 503, body: 'shard full' }));
    const writer = await start();
    journal.add(10);
    await passUntil(() => writer.status().state === 'down');
    expect(writer.status().detail).toBe('503 shard full; 10 readings wait, the oldest for 3 s');
    expect(journal.position()).toBe(0);
    await passUntil(() => journal.position() === 10);
    expect(stub.points.size).toBe(10);
  });

  test('a token that is refused degrades the hub until another is there', async () => {
    stub.token = 'other';
    const writer = await start();
    journal.add(1);
    await passUntil(() => writer.status().state === 'degraded');
    expect(writer.status().detail).toContain('401');
    stub.token = 'secret';
    await passUntil(() => journal.position() === 1);
    expect(writer.status().state).toBe('up');
  });

  test('a replay sends again what the journal has, and adds nothing', async () => {
    const writer = await start();
    journal.add(20);
    await passUntil(() => journal.position() === 20);
    const before = new Map(stub.points);
    const replays = [writer.replay(), writer.replay()];
    await passUntil(() => journal.position() === 20 && stub.writes.length === 2);
    expect(await Promise.all(replays)).toEqual([20, 20]);
    expect(stub.points).toEqual(before);
  });

  test('a replay goes back also while the database is away, and with a batch under way', async () => {
    stub.script = Array.from({ length: 6 }, () => ({ status: 503 }));
    const writer = await start();
    journal.add(6000);
    await journal.moveTo(1000);
    await passUntil(() => writer.status().state === 'down');
    let seen: number | undefined;
    void writer.replay().then((readings) => (seen = readings));
    await passUntil(() => seen !== undefined);
    expect([seen, stub.points.size]).toEqual([6000, 0]);
    await passUntil(() => journal.position() === 6000);
    expect(stub.points.size).toBe(6000);
  });

  test('a hub that is stopping replays no more', async () => {
    const writer = await start();
    await ended(writer.stop());
    await expect(writer.replay()).rejects.toMatchObject({ code: 'stopping' });
  });
});

describe('A spool that is full', () => {
  test('keeps everything unless the setting says otherwise', async () => {
    stub.script = Array.from({ length: 3 }, () => ({ status: 503 }));
    journal.maxBytes = 32;
    await start();
    journal.add(10);
    await passUntil(() => journal.position() === 10);
    expect(stub.points.size).toBe(10);
  });

  test('lets go of its oldest tenth by setting, counted', async () => {
    journal.maxBytes = 320;
    journal.add(100);
    await start({ dropOldest: true });
    await passUntil(() => journal.position() === 100);
    const dropped = counters.counts.get('influx.readings/dropped-spool-full') ?? 0;
    expect(dropped).toBeGreaterThanOrEqual(90);
    expect(stub.points.size).toBe(100 - dropped);
    expect(Math.max(...[...stub.points.values()].map(Number))).toBe(100);
  });
});

describe('Stopping', () => {
  test('sends what has come', async () => {
    const writer = await start();
    journal.add(6000);
    // No time passes: it ends because nothing is left.
    await writer.stop();
    expect([journal.position(), stub.points.size]).toEqual([6000, 6000]);
  });

  test('does not wait for a database that is away: the rest is in the spool', async () => {
    stub.script = Array.from({ length: 1000 }, () => ({ status: 503 }));
    const writer = await start();
    journal.add(10);
    await ended(writer.stop());
    expect(journal.position()).toBe(0);
  });
});
