import { expect, test } from 'vitest';
import { OwnTopics } from '../../../bridges/mqtt/own-topic-names.ts';

test('the same topic is the same object, a foreign one is none', () => {
  const topics = new OwnTopics('hub');
  const first = topics.parse('hub/house/plug/telemetry');
  expect(first).toEqual({ kind: 'telemetry', group: 'house', device: 'plug' });
  expect(topics.parse('hub/house/plug/telemetry')).toBe(first);
  expect(topics.parse('signalbox/house/plug/telemetry')).toBeUndefined();
  expect(topics.parse('hub/house/plug/commands/c1/result')).toMatchObject({ kind: 'result', id: 'c1' });
});

test('more topics than are remembered are still understood', () => {
  const topics = new OwnTopics('hub');
  for (let device = 0; device < 50_000; device += 1)
    expect(topics.parse(`hub/house/d${device}/status`)?.device).toBe(`d${device}`);
});
