import { expect, test } from 'vitest';
import { TryAgainError } from '#contract/errors.ts';
import type { Acknowledgement } from '../../../bridges/mqtt/meaning.ts';
import { untilTaken } from '../../../bridges/mqtt/until-taken.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function harness(
  errors: Error[],
  qos: 0 | 1,
): {
  calls: () => number;
  clock: ManualClock;
  counters: CountersProbe;
  over: () => void;
  done: Promise<void>;
} {
  const clock = new ManualClock();
  const counters = new CountersProbe();
  let calls = 0;
  let isOver = false;
  const offer = (acknowledgement: Acknowledgement): void => {
    calls += 1;
    const error = errors.shift();
    if (error === undefined) acknowledgement.taken();
    else acknowledgement.failed(error);
  };
  const options = { qos, clock, counters, log: silentLog, isOver: () => isOver };
  const done = new Promise<void>((resolve) => untilTaken(offer, options, resolve));
  return { calls: () => calls, clock, counters, over: () => (isOver = true), done };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a QoS 1 message is offered again after the time that the hub asked for', async () => {
  const { calls, clock, counters, done } = harness([new TryAgainError('full', 'Full.', 300)], 1);
  await settle();
  clock.advance(299);
  await settle();
  expect(calls()).toBe(1);
  clock.advance(1);
  await done;
  expect(calls()).toBe(2);
  expect(counters.counts.get('mqtt.retried/not-now')).toBe(1);
});

test('an unexpected failure is tried again after a second', async () => {
  const { calls, clock, counters, done } = harness([new Error('worker died')], 1);
  await settle();
  clock.advance(1000);
  await done;
  expect(calls()).toBe(2);
  expect(counters.counts.get('mqtt.retried/failed')).toBe(1);
});

test('a QoS 0 message is shed and counted', async () => {
  const { calls, counters, done } = harness([new TryAgainError('full', 'Full.')], 0);
  await done;
  expect(calls()).toBe(1);
  expect(counters.counts.get('mqtt.dropped/qos0-not-now')).toBe(1);
});

test('the end of the connection ends the wait: the broker sends it again', async () => {
  const { calls, clock, over, done } = harness([new TryAgainError('full', 'Full.', 300)], 1);
  await settle();
  over();
  clock.advance(300);
  await done;
  expect(calls()).toBe(1);
});
