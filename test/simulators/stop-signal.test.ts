import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { stopSignal } from '../../simulators/stop-signal.ts';

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
