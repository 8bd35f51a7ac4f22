import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { stopped, stopSignal } from '../../simulators/stop-signal.ts';

for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) {
  test(`${event} means stop, and a second one does no harm`, () => {
    const source = new EventEmitter();
    const signal = stopSignal(source);
    expect(signal.aborted).toBe(false);
    source.emit(event);
    source.emit(event);
    expect(signal.aborted).toBe(true);
  });
}

test('who waits for the stop is told, also when it has come already', async () => {
  const source = new EventEmitter();
  const signal = stopSignal(source);
  const waiting = stopped(signal);
  source.emit('SIGINT');
  await waiting;
  await stopped(signal);
});

test('the channel to the parent does not keep the process alive', () => {
  let unrefs = 0;
  const channel = { unref: () => void (unrefs += 1) };
  stopSignal(Object.assign(new EventEmitter(), { channel }));
  expect(unrefs).toBe(1);
});
