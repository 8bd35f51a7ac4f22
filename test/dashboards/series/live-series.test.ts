import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { CommittedReading } from '#contract/reading.ts';
import type { HistorySeries, SubscribeRequest } from '#contract/view.ts';
import { Channel } from '../../../dashboards/connection/channel.ts';
import type { GroupChannel } from '../../../dashboards/connection/connection.ts';
import { LiveSeries } from '../../../dashboards/series/live-series.ts';
import { LivePlane } from '../../../hub/live/live-plane.ts';
import { committed, nextTurn, reading } from '../../support/commits.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeJournal } from '../../hub/live/fake-journal.ts';
import { FakeSocket, settled, type Asked } from '../support/fake-socket.ts';

const startMs = 1_780_000_000_000;

/** The hub's own live plane behind a socket that a test cuts and delays. */
class Hub {
  readonly clock = new ManualClock(startMs);
  readonly journal = new FakeJournal();
  readonly socket = new FakeSocket();
  readonly states: string[] = [];
  readonly series: LiveSeries;
  /** Values that were older than a stored one when they were stored. */
  readonly late: number[] = [];
  readonly #live = new LivePlane({
    journal: this.journal,
    clock: this.clock,
    log: silentLog,
    counters: new CountersProbe(),
    nextTurn,
  });
  #view: string | undefined;
  #isSlow = false;
  #answered = 0;

  constructor(mode?: 'latest') {
    this.#live.onFrame(({ view, text }) => {
      if (view === this.#view && !this.#isSlow) this.socket.say('readings', JSON.parse(text));
    });
    const channel: GroupChannel = new Channel({
      namespace: '/home',
      socket: this.socket,
      timing: {
        now: () => this.clock.nowUs() / 1000,
        after: (ms, act) => this.clock.after(ms, act),
      },
      watcher: { connected() {}, lost() {}, refused() {}, caughtUp() {} },
    });
    this.series = new LiveSeries({
      channel,
      since: () => 0,
      ...(mode && { mode }),
      onChange: ({ state }) => {
        if (state !== this.states.at(-1)) this.states.push(state);
      },
    });
  }

  /** @param lateMs how long before now each was measured */
  commit(latenesses: readonly number[]): void {
    const rows = latenesses.map((lateMs) => {
      const offset = this.journal.head() + 1;
      // The fraction makes each time its own.
      const row = reading(offset, { timeUs: this.clock.nowUs() - lateMs * 1000 + offset, value: offset });
      if (this.journal.rows.some(({ timeUs }) => timeUs > row.timeUs)) this.late.push(offset);
      this.journal.rows.push(row);
      return row;
    });
    this.#live.publish(committed({ readings: rows }));
  }

  /** Answers what was asked; readings may be committed between the reading of history and the answer. */
  async serve(meanwhile: readonly number[] = []): Promise<void> {
    for (let asked = this.#next(); asked !== undefined; asked = this.#next()) {
      if (!this.socket.connected) continue;
      if (asked.event === 'unsubscribe') this.#leave();
      else await this.#subscribe(asked, meanwhile);
      await settled();
    }
  }

  cut(): void {
    if (!this.socket.connected) return;
    this.#leave();
    // What this connection was asked dies with it.
    this.#answered = this.socket.asked.length;
    this.socket.cut();
  }

  connect(): void {
    if (!this.socket.connected) this.socket.accept();
  }

  slow(): void {
    this.#isSlow = this.#view !== undefined;
  }

  catchUp(): void {
    if (!this.#isSlow || this.#view === undefined) return;
    const snapshot = this.#live.snapshot('home', this.#view);
    this.#isSlow = false;
    this.socket.say('gap', { view: this.#view, reason: 'slow-consumer', ...snapshot });
  }

  get shown(): readonly (readonly [number, number])[] {
    const ring = this.series.get('lamp', 'power')?.ring;
    return Array.from({ length: ring?.length ?? 0 }, (_, at) => [
      ring?.timeAt(at) ?? Number.NaN,
      ring?.meanAt(at) ?? Number.NaN,
    ]);
  }

  get stored(): readonly (readonly [number, number])[] {
    return this.#points(this.journal.rows);
  }

  #next(): Asked | undefined {
    const asked = this.socket.asked[this.#answered];
    if (asked !== undefined) this.#answered += 1;
    return asked;
  }

  async #subscribe({ payload, answer }: Asked, meanwhile: readonly number[]): Promise<void> {
    const { history: wanted, from, ...spec } = payload as SubscribeRequest;
    const position = from ?? this.#live.position();
    const history: HistorySeries[] | undefined =
      wanted && this.journal.rows.length > 0
        ? [{ device: 'lamp', metric: 'power', points: this.#points(this.journal.rows) }]
        : wanted && [];
    if (meanwhile.length > 0) this.commit(meanwhile);
    await this.#live.open('home', spec, undefined, position, (opened) => {
      // Who is a member already counts once.
      if (this.#view !== undefined) this.#live.release('home', opened.view);
      this.#view = opened.view;
      answer({ ...opened, ...(history && { history }) });
    });
  }

  #leave(): void {
    if (this.#view !== undefined) this.#live.release('home', this.#view);
    this.#view = undefined;
    this.#isSlow = false;
  }

  #points(rows: readonly CommittedReading[]): [number, number][] {
    return rows
      .map(({ timeUs, value }): [number, number] => [timeUs / 1000, Number(value)])
      .toSorted(([one], [other]) => one - other);
  }
}

interface Step {
  readonly kind: 'live' | 'outage' | 'half-outage' | 'too slow';
  readonly before: readonly number[];
  readonly during: readonly number[];
  readonly ms: number;
  /** Whether the hub answers at once. */
  readonly isPrompt: boolean;
}

const lateness = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60_000 }));
const some = fc.array(lateness, { maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('live', 'outage', 'half-outage', 'too slow'),
  before: some,
  during: some,
  // Long enough for deadlines and retries to fall due.
  ms: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.constantFrom(2000, 10_000, 12_000)),
  isPrompt: fc.boolean(),
});

const outage = { kind: 'outage' } as const;
const tooSlow: Partial<Step> = { kind: 'too slow', before: [0], during: [0], ms: 2000 };

/** A question outlived its connection: its deadline, and two seconds later its retry, pass on the next one. */
const found = [
  // Seed 1458254463: the deadline passes in a second outage.
  [outage, { ms: 8269 }, { ...outage, ms: 1731, isPrompt: true }, tooSlow],
  // Seed 1: it passes on the connection after a second outage.
  [outage, { ms: 7119 }, { ...outage, ms: 2357 }, { ms: 524, isPrompt: true }, tooSlow],
  // Seed 991800623: the question was for history, because of a gap.
  [
    { kind: 'too slow' },
    { ...outage, ms: 12_000, isPrompt: true },
    { during: [0], ms: 2000 },
    { kind: 'too slow', before: [0] },
  ],
] satisfies Partial<Step>[][];

function example(steps: readonly Partial<Step>[]): [Step[]] {
  const quiet = { kind: 'live', before: [], during: [], ms: 0, isPrompt: false } as const;
  return [steps.map((each) => ({ ...quiet, ...each }))];
}

async function playAll(hub: Hub, steps: readonly Step[]): Promise<void> {
  hub.connect();
  await hub.serve();
  for (const each of steps) await play(hub, each);
  hub.connect();
  hub.catchUp();
  // Answers, retries and fresh starts that were put off.
  for (let round = 0; round < 5; round += 1) {
    await hub.serve();
    hub.clock.advance(11_000);
    await settled();
  }
}

async function play(hub: Hub, { kind, before, during, ms, isPrompt }: Step): Promise<void> {
  hub.commit(before);
  if (kind === 'too slow') hub.slow();
  if (kind === 'outage' || kind === 'half-outage') hub.cut();
  hub.commit(during);
  hub.clock.advance(ms);
  if (kind === 'outage') hub.connect();
  hub.catchUp();
  if (isPrompt) await hub.serve(during);
  await settled();
}

describe('A series that is followed', () => {
  test('shows each stored reading once, at its own time, whatever happened to the wire', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const hub = new Hub();
        await playAll(hub, steps);
        expect(hub.shown).toEqual(hub.stored);
        expect(hub.series.state).toBe('live');
      }),
      { numRuns: 500, examples: found.map(example) },
    );
  });

  test('of a conflated view the newest, and each that came late at its own time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const hub = new Hub('latest');
        await playAll(hub, steps);
        expect(hub.stored).toEqual(expect.arrayContaining([...hub.shown]));
        const shown = new Set(hub.shown.map(([, value]) => value));
        expect(hub.late.filter((value) => !shown.has(value))).toEqual([]);
        expect(hub.shown.at(-1)).toEqual(hub.stored.at(-1));
        expect(hub.series.state).toBe('live');
      }),
      { numRuns: 200, examples: found.map(example) },
    );
  });

  test('a backlog longer than its frames hold comes by history', async () => {
    const hub = new Hub('latest');
    hub.connect();
    await hub.serve();
    hub.commit([0]);
    hub.clock.advance(200);
    hub.commit(Array.from({ length: limits.lateFrameReadings + 100 }, (_, index) => 5000 - index));
    hub.clock.advance(200);
    expect(hub.series.state).toBe('catching-up');
    await hub.serve();
    expect(hub.shown).toEqual(hub.stored);
    expect(hub.states.at(-1)).toBe('live');
  });

  test('says whether what it shows is so', async () => {
    const hub = new Hub();
    hub.connect();
    await hub.serve();
    hub.cut();
    hub.connect();
    await hub.serve();
    expect(hub.states).toEqual(['connecting', 'live', 'stale', 'catching-up', 'live']);
  });

  test('asks for history at a gap, but not at every one of a line that is too slow', async () => {
    const hub = new Hub();
    hub.connect();
    await hub.serve();
    for (let gap = 0; gap < 20; gap += 1) {
      hub.commit([0]);
      hub.slow();
      hub.commit([0]);
      hub.clock.advance(500);
      hub.catchUp();
      await hub.serve();
    }
    expect(hub.series.gaps).toBe(20);
    const fresh = hub.socket.payloads('subscribe').length;
    expect(fresh).toBeGreaterThan(1);
    expect(fresh).toBeLessThan(5);
    expect(hub.series.newest()).toHaveLength(1);
  });
});
