import { describe, expect, test } from 'vitest';
import { readCommand, signalboxDialect } from '../../../simulators/dialects/signalbox.ts';
import { bed } from '../support/devices.ts';

describe('our own topics', () => {
  test('telemetry carries its own time', () => {
    expect(signalboxDialect.encode({ type: 'telemetry', ts: 1000, values: { valve: true } }, bed)).toEqual([
      { topic: 'signalbox/greenhouse/bed-1/telemetry', payload: '{"ts":1000,"values":{"valve":true}}' },
    ]);
  });

  test('a device without a clock sends its values alone', () => {
    const message = { type: 'telemetry', ts: undefined, values: { flow: 1.5 } } as const;
    expect(signalboxDialect.encode(message, bed)[0]?.payload).toBe('{"flow":1.5}');
  });

  test('an event carries its id', () => {
    const message = { type: 'event', ts: 5, name: 'press', data: null, id: 'bed-1-press-5' } as const;
    expect(signalboxDialect.encode(message, bed)).toEqual([
      {
        topic: 'signalbox/greenhouse/bed-1/event',
        payload: '{"name":"press","ts":5,"data":null,"id":"bed-1-press-5"}',
      },
    ]);
  });

  test('the answer to a command goes to its result topic', () => {
    const message = { type: 'result', commandId: 'c1', answer: { ok: true } } as const;
    expect(signalboxDialect.encode(message, bed)).toEqual([
      { topic: 'signalbox/greenhouse/bed-1/commands/c1/result', payload: '{"ok":true}' },
    ]);
  });

  test('hello is a retained "online" and the description; farewell is a retained "offline"', () => {
    const [status, reported] = signalboxDialect.hello(bed);
    expect(status).toEqual({ topic: 'signalbox/greenhouse/bed-1/status', payload: 'online', retain: true });
    expect(reported?.topic).toBe('signalbox/greenhouse/bed-1/reported');
    expect(JSON.parse(String(reported?.payload))).toMatchObject({ description: { title: 'Bed 1' } });
    expect(signalboxDialect.farewell(bed)).toEqual({
      topic: 'signalbox/greenhouse/bed-1/status',
      payload: 'offline',
      retain: true,
    });
  });

  test('a command is read from the device’s own command topic', () => {
    expect(signalboxDialect.commandFilters(bed)).toEqual(['signalbox/greenhouse/bed-1/commands/+']);
    const payload = '{"id":"c1","name":"valve","args":{"value":true},"deadline":9,"ttlMs":5}';
    expect(signalboxDialect.decode('signalbox/greenhouse/bed-1/commands/c1', payload, bed)).toEqual({
      id: 'c1',
      name: 'valve',
      args: { value: true },
      deadline: 9,
    });
  });

  for (const payload of ['', '{', '[]', '{"id":"c1"}', '{"name":"valve"}']) {
    test(`${JSON.stringify(payload)} is no command`, () => {
      expect(signalboxDialect.decode('signalbox/greenhouse/bed-1/commands/c1', payload, bed)).toBeUndefined();
    });
  }

  test('a command without arguments has null ones', () => {
    expect(readCommand({ id: 'c1', name: 'identify' })).toMatchObject({ args: null });
  });
});
