import { expect, test } from 'vitest';
import { keyOf, QueueIndex } from '../../../bridges/mqtt/queue-index.ts';

const packet = (brokerCounter: number, messageId?: number) => ({
  topic: 't',
  payload: '',
  brokerId: 'b',
  brokerCounter,
  messageId,
});

test('a message is found by its number here, or by its packet id there', () => {
  const index = new QueueIndex();
  index.add('c', packet(1));
  index.add('c', packet(2, 42));
  expect(index.find('c', packet(1))).toMatchObject({ brokerCounter: 1 });
  expect(index.find('c', { topic: '', payload: '', messageId: 42 })).toMatchObject({ brokerCounter: 2 });
  expect(index.find('c', { topic: '', payload: '', messageId: 43 })).toBeUndefined();
  expect(index.find('other', packet(1))).toBeUndefined();
  expect(index.sizeOf('c')).toBe(2);
  index.delete('c', packet(2, 42));
  index.delete('c', packet(1));
  expect(index.sizeOf('c')).toBe(0);
  expect(keyOf(packet(7))).toBe('b:7');
});
