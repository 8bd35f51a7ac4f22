import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { LazyEmitter } from '../../../hub/socketio/lazy-emitter.ts';

class Part extends LazyEmitter {
  readonly name = 'part';
}

test('is an EventEmitter that keeps nothing until somebody listens', () => {
  const part = new Part();
  expect(part).toBeInstanceOf(EventEmitter);
  expect(Object.keys(part)).toEqual(['name']);
  expect([part.emit('news'), part.listenerCount('news'), part.listeners('news')]).toEqual([false, 0, []]);
  expect([part.eventNames(), part.getMaxListeners()]).toEqual([[], EventEmitter.defaultMaxListeners]);
  part.removeListener('news', () => undefined).removeAllListeners();
});

test('then works as every other, and apart from its like', async () => {
  const [part, other] = [new Part(), new Part()];
  const heard: unknown[] = [];
  part.on('news', (value) => heard.push(value)).prependListener('news', () => heard.push('first'));
  const told = once(part, 'news');
  expect([part.emit('news', 1), other.emit('news', 2)]).toEqual([true, false]);
  expect([heard, await told]).toEqual([['first', 1], [1]]);
  part.removeAllListeners('news');
  expect(part.listenerCount('news')).toBe(0);
});

test('an error nobody listens to is thrown', () => {
  expect(() => new Part().emit('error', new Error('alone'))).toThrow('alone');
});
