import { describe, expect, test } from 'vitest';
import { parseRecordedLine, replay } from '../../simulators/replay.ts';
import type { RecordedMessage } from '../../simulators/replay.ts';
import { Tally } from '../../simulators/tally.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { settle } from './support/settle.ts';

describe('a line of a recording', () => {
  test('is a topic and a payload with a time, at QoS 0 and not retained unless it says so', () => {
    expect(parseRecordedLine('{"t":5,"topic":"a/b","payload":"on"}', 1)).toEqual({
      t: 5,
      topic: 'a/b',
      payload: Buffer.from('on'),
      qos: 0,
      retain: false,
    });
  });

  test('holds any bytes as base64', () => {
    const line = '{"t":5,"topic":"a","payload":"AP8=","encoding":"base64","qos":1,"retain":true}';
    expect(parseRecordedLine(line, 1)).toMatchObject({
      payload: Buffer.from([0, 255]),
      qos: 1,
      retain: true,
    });
  });

  for (const line of [
    '{',
    '{"t":"1","topic":"a","payload":""}',
    '{"t":1,"payload":""}',
    '{"t":1,"topic":"a"}',
    '{"t":1,"topic":"a","payload":"","qos":3}',
    '{"t":1,"topic":"a","payload":"","encoding":"hex"}',
  ]) {
    test(`${line} is refused with its line number`, () => {
      expect(() => parseRecordedLine(line, 17)).toThrow(/^Line 17 /);
    });
  }
});

describe('playing it', () => {
  const lines = [
    '{"t":1000,"topic":"a","payload":"1","qos":1}',
    '',
    '{"t":3000,"topic":"b","payload":"2"}',
    '{"t":3000,"topic":"c","payload":"3"}',
  ];

  async function* source() {
    yield* lines;
  }

  function start(speed: number) {
    const clock = new ManualClock();
    const tally = new Tally();
    const played: string[] = [];
    const stop = new AbortController();
    const publish = async ({ topic }: RecordedMessage) => void played.push(topic);
    const done = replay({ lines: source(), publish, clock, tally, speed, signal: stop.signal });
    return { clock, tally, played, stop, done };
  }

  test('keeps order and spacing, starts at once, and passes over empty lines', async () => {
    const { clock, tally, played, done } = start(1);
    await settle();
    expect(played).toEqual(['a']);
    clock.advance(1999);
    await settle();
    expect(played).toEqual(['a']);
    clock.advance(1);
    await done;
    expect(played).toEqual(['a', 'b', 'c']);
    expect([tally.of('sent'), tally.of('acknowledged')]).toEqual([3, 1]);
  });

  test('twice the speed takes half the time', async () => {
    const { clock, played, done } = start(2);
    await settle();
    clock.advance(1000);
    await done;
    expect(played).toEqual(['a', 'b', 'c']);
  });

  test('stops in the middle when told', async () => {
    const { played, stop, done } = start(1);
    await settle();
    stop.abort();
    await done;
    expect(played).toEqual(['a']);
  });
});
