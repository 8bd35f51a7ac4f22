import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CommittedEvent } from '#contract/event.ts';
import { tuplesOf, type ReadingsFrame } from '#contract/frame.ts';
import { limits } from '#contract/limits.ts';
import type { ReadingTuple } from '#contract/reading.ts';
import type { SubscribeAnswer, ViewSpec } from '#contract/view.ts';
import { LivePlane } from '../../../hub/live/live-plane.ts';
import type { ViewFrame } from '#ports';
import { CountersProbe, silentLog, TimingsProbe } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { committed, epoch, event, nextTurn, reading, settle } from '../../support/commits.ts';
import { FakeJournal } from './fake-journal.ts';

function tuplesIn({ text }: ViewFrame): readonly ReadingTuple[] {
  return tuplesOf(JSON.parse(text) as ReadingsFrame);
}

/** @param turn when frames that are due go out: at once, if not said */
function setup(initial: readonly ReturnType<typeof reading>[] = [], turn = nextTurn) {
  const journal = new FakeJournal();
  journal.rows.push(...initial);
  const clock = new ManualClock();
  const counters = new CountersProbe();
  const timings = new TimingsProbe();
  const live = new LivePlane({ journal, clock, log: silentLog, counters, timings, nextTurn: turn });
  live.warm(initial);
  const frames: { group: string; view: string; offset: number; readings: readonly ReadingTuple[] }[] = [];
  live.onFrame((frame) => {
    const { group, view, offset } = frame;
    frames.push({ group, view, offset, readings: tuplesIn(frame) });
  });
  /** Commits and publishes one reading. */
  const commit = (fields: Parameters<typeof reading>[1] = {}): void => {
    const row = reading(journal.head() + 1, fields);
    journal.rows.push(row);
    live.publish(committed({ readings: [row] }));
  };
  /** Commits and publishes one event. */
  const happen = (fields: Parameters<typeof event>[1] = {}): void => {
    const row = event(journal.head() + 1, fields);
    journal.events.push(row);
    live.publish(committed({ events: [row] }));
  };
  const open = (spec: ViewSpec = {}): Promise<SubscribeAnswer> =>
    live.open('home', spec, undefined, undefined);
  return { journal, clock, counters, timings, live, frames, commit, happen, open };
}

describe('How long a reading waits', () => {
  test('is told per frame, from the arrival of its oldest reading: the window is in it', async () => {
    const { clock, timings, live, open } = setup();
    await open({ maxHz: 10 });
    const publish = (offset: number): void =>
      live.publish(committed({ readings: [reading(offset)], arrivedMs: clock.monotonicMs() - 2 }));
    publish(1);
    clock.advance(30);
    publish(2);
    clock.advance(20);
    publish(3);
    clock.advance(500);
    expect(timings.observed).toEqual([
      ['frame', 0.002],
      ['frame', 0.072],
    ]);
  });
});

const values = (tuples: readonly ReadingTuple[]): unknown[] => tuples.map((tuple) => tuple[3]);

describe('Opening a view', () => {
  test('answers with the newest values, warm from the store, and with the place where live begins', async () => {
    const { open, commit } = setup([reading(1), reading(2, { device: 'meter' })]);
    commit({ value: 3 });
    expect(await open()).toEqual({
      ok: true,
      view: expect.stringMatching(/^[\w-]{16}$/),
      epoch,
      offset: 3,
      latest: [
        ['lamp', 'power', 3000, 3],
        ['meter', 'power', 2000, 2],
      ],
    });
  });

  test('makes the newest values once for all who ask before they change, and keeps none for one alone', async () => {
    const { clock, live, commit, open } = setup([reading(1)]);
    const [first, second, third] = [await open(), await open(), await open()];
    expect(second.latest).toEqual(first.latest);
    expect(third.latest).toBe(second.latest);
    commit({ value: 2 });
    commit({ device: 'meter', value: 3 });
    clock.advance(100);
    expect(values((await open()).latest)).toEqual([2, 3]);
    live.moved({ group: 'home', device: 'meter' }, { group: 'farm', device: 'meter' });
    expect(values((await open()).latest)).toEqual([2]);
  });

  test('begins in the same turn: the place to join the room', () => {
    const { live } = setup();
    let begun: SubscribeAnswer | undefined;
    void live.open('home', {}, undefined, undefined, (answer) => (begun = answer));
    expect(begun?.offset).toBe(0);
  });

  test('what was pending goes to those who were there before, not to who comes', async () => {
    const { live, frames, commit, open } = setup();
    await open();
    commit({ value: 'first' });
    commit({ value: 'second' });
    let framesBefore = 0;
    const answer = await live.open('home', {}, undefined, undefined, () => (framesBefore = frames.length));
    expect(framesBefore).toBe(2);
    expect(values(answer.latest)).toEqual(['second']);
  });

  test('a refused view leaves nothing behind', async () => {
    const { live, commit } = setup();
    for (let index = 0; index <= limits.seriesPerFleetView; index += 1) commit({ metric: `m${index}` });
    await expect(live.open('*', {}, undefined, undefined)).rejects.toThrow('at most');
    expect(live.snapshot('*', 'any').latest).toEqual([]);
  });
});

describe('Frames', () => {
  test('the first after a pause goes at once; then one per window with the newest value of each series', async () => {
    const { clock, frames, commit, open } = setup();
    const { view } = await open({ maxHz: 10 });
    commit({ value: 'a' });
    commit({ value: 'b' });
    commit({ value: 'c' });
    commit({ device: 'meter', value: 'd' });
    expect(frames.map((frame) => values(frame.readings))).toEqual([['a']]);
    clock.advance(100);
    expect(frames[1]).toEqual({
      group: 'home',
      view,
      offset: 4,
      readings: [
        ['lamp', 'power', 3000, 'c'],
        ['meter', 'power', 4000, 'd'],
      ],
    });
  });

  test('a late reading reaches the view at its own time and does not become the newest value', async () => {
    const { clock, frames, commit, open } = setup([reading(1, { timeUs: 5_000_000 })]);
    await open();
    commit({ timeUs: 1_000_000, value: 'late' });
    clock.advance(100);
    expect(frames[0]?.readings).toEqual([['lamp', 'power', 1000, 'late']]);
    expect(values((await open()).latest)).toEqual([1]);
  });

  test('a late reading is not conflated away by a newer one of its window', async () => {
    const { clock, frames, commit, open } = setup([reading(1, { timeUs: 5_000_000 })]);
    await open();
    commit({ timeUs: 6_000_000, value: 'first, at once' });
    for (const [timeUs, value] of [
      [7_000_000, 'conflated'],
      [2_000_000, 'late'],
      [8_000_000, 'newest'],
      [7_500_000, 'late, too'],
    ] as const)
      commit({ timeUs, value });
    clock.advance(100);
    expect(frames[1]?.readings.map(([, , timeMs, value]) => [timeMs, value])).toEqual([
      [8000, 'newest'],
      [2000, 'late'],
      [7500, 'late, too'],
    ]);
  });

  test('a backlog longer than a frame holds is told of with its range, and counted', async () => {
    const { live, clock, counters, open } = setup([reading(1, { timeUs: 9_000_000_000 })]);
    const texts: ReadingsFrame[] = [];
    live.onFrame(({ text }) => texts.push(JSON.parse(text) as ReadingsFrame));
    await open();
    const backlog = Array.from({ length: limits.lateFrameReadings + 3 }, (_, index) => reading(index + 2));
    live.publish(committed({ readings: backlog }));
    clock.advance(100);
    const [first, ...rest] = texts;
    const most = limits.lateFrameReadings;
    expect(first?.incomplete).toEqual({ start: (most + 2) * 1000, end: (most + 4) * 1000 + 1 });
    expect(rest).toEqual([]);
    expect(counters.counts.get('live/late-left-out')).toBe(3);
    live.publish(committed({ readings: [reading(most + 5)] }));
    clock.advance(100);
    expect(texts[1]).not.toHaveProperty('incomplete');
  });

  test('leave after the turn of their commit, and whoever comes in between has its readings once', async () => {
    const turns: (() => void)[] = [];
    const { frames, commit, open } = setup([], (go) => turns.push(go));
    await open();
    commit({ value: 'first' });
    expect(frames).toEqual([]);
    turns.shift()?.();
    commit({ value: 'next' });
    expect(frames.map(({ readings }) => values(readings))).toEqual([['first']]);
    expect(values((await open()).latest)).toEqual(['next']);
    expect(frames.map(({ readings }) => values(readings))).toEqual([['first'], ['next']]);
    expect(turns).toEqual([]);
  });

  test('one commit is one frame, not one per reading', async () => {
    const { live, frames, open } = setup();
    await open({ mode: 'raw' });
    live.publish(committed({ readings: [reading(1), reading(2), reading(3)] }));
    expect(frames.map((frame) => [frame.offset, values(frame.readings)])).toEqual([[3, [1, 2, 3]]]);
  });

  test('nobody looks, nothing is made', async () => {
    const { live, clock, frames, commit, open } = setup();
    const { view } = await open();
    live.release('home', view);
    commit();
    clock.advance(1000);
    expect(frames).toEqual([]);
  });

  test('after close no timer fires', async () => {
    const { live, clock, frames, commit, open } = setup();
    await open();
    commit();
    commit();
    live.close();
    clock.advance(1000);
    expect(frames.length).toBe(1);
  });
});

describe('Raw mode', () => {
  test('more than a frame holds goes out in several, each reading once, and no event later than its place', async () => {
    const { live, clock, frames, open } = setup();
    const most = limits.rawFrameReadings;
    const told: unknown[] = [];
    live.onEvent(({ offset }) => told.push(`event ${offset}`));
    live.onFrame(({ offset }) => told.push(`frame ${offset}`));
    await open({ mode: 'raw' });
    await open({ mode: 'raw', maxHz: 20 });
    // All of one instant, in one commit: what is made once for both views is split where a frame ends.
    const all = Array.from({ length: 2 * most + 2 }, (_, index) =>
      reading(index + 1, { metric: `m${index % 50}`, value: index + 1, timeUs: 1000 }),
    ).filter(({ offset }) => offset !== most);
    live.publish(committed({ readings: all, events: [event(most), event(2 * most + 3)] }));
    clock.advance(100);
    const ids = new Set(frames.map(({ view }) => view));
    expect(ids.size).toBe(2);
    for (const id of ids) {
      const mine = frames.filter(({ view }) => view === id);
      expect(mine.map(({ readings }) => readings.length)).toEqual([most, most, 1]);
      expect(mine.flatMap(({ readings }) => values(readings))).toEqual(all.map(({ value }) => value));
    }
    expect(told.slice(0, 3)).toEqual([`event ${most}`, `frame ${most + 1}`, `frame ${most + 1}`]);
    expect(told.indexOf(`event ${2 * most + 3}`)).toBe(told.length - 3);
  });
});

describe('State replays', () => {
  const state = [reading(0, { value: 'replayed' })];

  test('show at once where the newest value is asked for', async () => {
    const { live, frames, open } = setup();
    await open();
    live.publish(committed({ state }));
    expect(values(frames[0]?.readings ?? [])).toEqual(['replayed']);
    expect(values((await open()).latest)).toEqual(['replayed']);
  });

  test('are no readings: raw views do not get them, and no offset moves', async () => {
    const { live, clock, frames, open } = setup();
    await open({ mode: 'raw' });
    live.publish(committed({ state }));
    clock.advance(1000);
    expect(frames).toEqual([]);
    expect(live.position()).toEqual({ epoch, offset: 0 });
  });
});

describe('Events', () => {
  test('pass each once and in order, and move the offset', () => {
    const { live } = setup();
    const events = [event(1), event(2)];
    const heard: CommittedEvent[] = [];
    live.onEvent((passed) => heard.push(passed));
    live.publish(committed({ events }));
    expect(heard).toEqual(events);
    expect(live.position().offset).toBe(2);
  });
});

describe('A member that was skipped', () => {
  test('gets the newest values, and later frames hold only what they do not', async () => {
    const { live, clock, frames, commit, open } = setup();
    const { view } = await open({ mode: 'raw' });
    for (let index = 0; index < 3; index += 1) commit();
    const snapshot = live.snapshot('home', view);
    expect(snapshot).toEqual({ offset: 3, latest: [['lamp', 'power', 3000, 3]] });
    const before = frames.length;
    commit();
    clock.advance(100);
    expect(frames.slice(before).flatMap((frame) => values(frame.readings))).toEqual([4]);
  });
});

test('who has seen the offset of a frame has seen every event up to it', async () => {
  const { live, open, frames } = setup();
  await open();
  const order: number[] = [];
  live.onEvent(({ offset }) => order.push(offset));
  live.onFrame(({ offset }) => order.push(offset));
  live.publish(committed({ readings: [reading(2)], events: [event(1), event(3)] }));
  expect(order).toEqual([1, 3, 3]);
  expect(frames).toHaveLength(1);
});

describe('Resuming', () => {
  test('a journal that fails is a gap, not an error', async () => {
    const { live, journal, commit } = setup();
    commit();
    commit();
    journal.failing = new Error('disk');
    const answer = await live.open('home', {}, undefined, { epoch, offset: 1 });
    expect(answer.gap).toBe('store-failed');
    expect(answer.missed).toBeUndefined();
  });

  test("brings the events of the view's devices too, at a conflated view as well", async () => {
    const { live, commit, happen } = setup();
    commit();
    happen({ device: 'lamp', name: 'pressed' });
    happen({ device: 'meter' });
    commit();
    happen({ device: 'lamp', name: 'pressed' });
    const answer = await live.open('home', { devices: ['lamp'] }, undefined, { epoch, offset: 1 });
    expect(answer.events?.map(({ name, offset }) => [name, offset])).toEqual([
      ['pressed', 2],
      ['pressed', 5],
    ]);
    expect(answer.missed).toHaveLength(1);
  });

  const steps = fc.array(fc.constantFrom('commit', 'late', 'event', 'foreign', 'window', 'answer', 'other'), {
    maxLength: 60,
  });
  test('missed and live together hold each reading once and in order, whatever comes between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.nat(20), steps, async (known, from, then) => {
        const { live, journal, clock, commit, happen } = setup(
          Array.from({ length: known }, (_, index) => reading(index + 1)),
        );
        const start = Math.min(from, known);
        const got: number[] = [];
        const heard = new Set<number>();
        const conflated = new Map<number, unknown>();
        const late: number[] = [];
        journal.held = true;
        const opened = live.open('home', { mode: 'raw' }, undefined, { epoch, offset: start }, (answer) => {
          got.push(...(values(answer.missed ?? []) as number[]));
          for (const { offset } of answer.events ?? []) heard.add(offset);
          live.onEvent(({ offset }) => heard.add(offset));
          // The room is joined here: only frames from now on are received.
          live.onFrame((frame) => {
            if (frame.view === answer.view) got.push(...(values(tuplesIn(frame)) as number[]));
          });
        });
        await live.open('home', {}, undefined, undefined, ({ view, latest }) => {
          for (const [, , timeMs, value] of latest) conflated.set(timeMs, value);
          live.onFrame((frame) => {
            if (frame.view !== view) return;
            for (const [, , timeMs, value] of tuplesIn(frame)) conflated.set(timeMs, value);
          });
        });
        for (const step of then) {
          if (step === 'commit') commit({ value: journal.head() + 1 });
          else if (step === 'late') {
            const value = journal.head() + 1;
            const isLate = journal.rows.some((row) => row.group === 'home');
            if (isLate) late.push(value);
            // Half a second off the others' times, so that each has its own.
            commit({ value, timeUs: isLate ? 500_000 - value * 1_000_000 : value * 1_000_000 });
          } else if (step === 'event') happen();
          else if (step === 'foreign') commit({ group: 'farm' });
          else if (step === 'window') clock.advance(100);
          else if (step === 'answer') await journal.answer();
          // Someone else with the same view comes: its stream must not disturb the first.
          else void live.open('home', { mode: 'raw' }, undefined, undefined);
        }
        journal.held = false;
        while (await isPending(opened)) await journal.answer();
        clock.advance(100);
        const ofHome = journal.rows.filter((row) => row.group === 'home');
        expect(got.filter((value, index) => got.indexOf(value) === index)).toEqual(got);
        expect(got).toEqual(ofHome.filter((row) => row.offset > start).map((row) => row.value));
        expect([...heard]).toEqual(journal.events.map(({ offset }) => offset));
        const [newest] = ofHome.toSorted((a, b) => b.timeUs - a.timeUs);
        expect(conflated.get(Math.max(...conflated.keys()))).toBe(newest?.value);
        expect(late.filter((value) => ![...conflated.values()].includes(value))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const mark = Symbol('pending');
  await settle();
  return (await Promise.race([promise, Promise.resolve(mark)])) === mark;
}

describe('A device with another name', () => {
  test('shows under the new one in every view: what was pending goes out first, and nothing stays behind', async () => {
    const { live, frames, commit, open, clock } = setup([reading(1)]);
    const lampOnly = await live.open('home', { devices: ['lamp'] }, undefined, undefined);
    await open();
    commit({ value: 7 });
    live.moved({ group: 'home', device: 'lamp' }, { group: 'home', device: 'light' });
    clock.advance(1000);
    expect(frames.flatMap((frame) => frame.readings.map(([device, , , value]) => [device, value]))).toEqual(
      expect.arrayContaining([['lamp', 7]]),
    );
    expect(live.latest('home', 'lamp')).toEqual([]);
    expect(live.latest('home', 'light')).toMatchObject([{ device: 'light', value: 7 }]);
    expect((await open()).latest).toEqual([['light', 'power', expect.any(Number), 7]]);
    expect(live.snapshot('home', lampOnly.view).latest).toEqual([]);
    frames.length = 0;
    commit({ device: 'light', value: 8 });
    clock.advance(1000);
    expect(frames.flatMap(({ readings }) => readings.map(([device]) => device))).toEqual(['light']);
  });
});
