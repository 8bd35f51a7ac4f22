import { describe, expect, test } from 'vitest';
import { ObservedEmitter } from '../../../../hub/socketio/engine/observed-emitter.ts';

describe('An emitter that knows whether its packets are watched', () => {
  const ways = ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'] as const;

  test.each(ways)('%s of an event about packets is noticed, and heard', (way) => {
    const emitter = new ObservedEmitter();
    let heard = 0;
    emitter[way]('flush', () => (heard += 1));
    expect(emitter.isObserved).toBe(true);
    emitter.emit('flush');
    expect(heard).toBe(1);
  });

  test.each(ways)('%s of any other event is heard, and nothing to watch for', (way) => {
    const emitter = new ObservedEmitter();
    let heard = 0;
    emitter[way]('close', () => (heard += 1));
    emitter.emit('close');
    expect([emitter.isObserved, heard]).toEqual([false, 1]);
  });
});
