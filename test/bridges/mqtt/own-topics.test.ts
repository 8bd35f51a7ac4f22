import { encode as toMessagePack } from '@msgpack/msgpack';
import { encode as toCbor } from 'cbor2';
import { describe, expect, test } from 'vitest';
import { FormatError } from '#contract/formats/decoded.ts';
import { parseTopic } from '#contract/topics.ts';
import type { InboundMessage, Meaning } from '../../../bridges/mqtt/meaning.ts';
import { decodeOwn } from '../../../bridges/mqtt/own-topics.ts';
import { toMessage } from './families/decode.ts';

function decode(path: string, payload: unknown, more: Partial<InboundMessage> = {}): Meaning {
  const topic = `signalbox/house/plug/${path}`;
  const own = parseTopic(topic);
  if (own === undefined) throw new Error(`${topic} is not ours.`);
  const isRaw = typeof payload === 'string' || payload instanceof Uint8Array;
  return decodeOwn(own, toMessage(topic, isRaw ? payload : JSON.stringify(payload), more));
}

const plug = { group: 'house', device: 'plug' };

describe('ARCHITECTURE §8, telemetry', () => {
  test('a scalar on the topic of its metric', () => {
    expect(decode('telemetry/power', '21.5').readings).toEqual([
      { ...plug, metric: 'power', value: 21.5, quality: 'good' },
    ]);
  });
  test('an object with its own time', () => {
    expect(decode('telemetry', { ts: 1780000000000, values: { power: 5 } }).readings).toMatchObject([
      { ...plug, metric: 'power', value: 5, timeUs: 1780000000000000 },
    ]);
  });
  test('the base name of a single SenML device gives way to the topic', () => {
    const pack = [{ bn: 'urn:dev:ow:1:', n: 'power', v: 5 }];
    expect(decode('telemetry', pack).readings).toMatchObject([{ ...plug, metric: 'power', value: 5 }]);
  });
  test('CBOR and MessagePack maps say the same as JSON', () => {
    const payload = { ts: 1780000000000, values: { power: 5 } };
    const expected = [{ ...plug, metric: 'power', value: 5, timeUs: 1780000000000000 }];
    expect(decode('telemetry', toCbor(payload)).readings).toMatchObject(expected);
    expect(decode('telemetry', toMessagePack(payload)).readings).toMatchObject(expected);
  });
  test('a content type is believed, and what it promises must be there', () => {
    const contentType = 'application/cbor';
    expect(decode('telemetry', toCbor({ power: 5 }), { contentType }).readings).toHaveLength(1);
    expect(() => decode('telemetry', '{}', { contentType })).toThrow(
      expect.objectContaining({ code: 'invalid-cbor' }),
    );
  });
  test('a SenML pack in CBOR is a pack', () => {
    const record = new Map<number, unknown>([
      [0, 'power'],
      [2, 5],
    ]);
    expect(decode('telemetry', toCbor([record])).readings).toMatchObject([
      { ...plug, metric: 'power', value: 5 },
    ]);
  });
  test('a gateway names other devices that it may write to', () => {
    const meaning = decode('telemetry', [{ device: 'lamp', power: 5 }, { power: 6 }]);
    expect(meaning.readings).toMatchObject([{ device: 'lamp' }, { device: 'plug' }]);
  });
  test('a device that names another is not believed', () => {
    const meaning = decode('telemetry', { device: 'lamp', power: 5 }, { mayWrite: () => false });
    expect(meaning.readings).toEqual([]);
    expect(meaning.problems).toMatchObject([{ code: 'device-not-granted' }]);
  });
});

describe('ARCHITECTURE §8, events', () => {
  test('an object, an array of them, or just the name', () => {
    expect(decode('event', { name: 'press', data: { n: 2 }, ts: 1780000000000 }).events).toMatchObject([
      { ...plug, name: 'press', data: { n: 2 }, timeUs: 1780000000000000 },
    ]);
    expect(decode('event', [{ name: 'a' }, { name: 'b' }]).events).toMatchObject([
      { name: 'a' },
      { name: 'b' },
    ]);
    expect(decode('event', 'boot').events).toEqual([{ ...plug, name: 'boot' }]);
  });
  test('what is no event is a problem beside the others', () => {
    const meaning = decode('event', [{ name: 'a' }, { title: 'b' }, { name: 'c', ts: 'soon' }]);
    expect(meaning.events).toMatchObject([{ name: 'a' }]);
    expect(meaning.problems).toMatchObject([
      { path: '/1', code: 'not-an-event' },
      { path: '/2', code: 'invalid-time' },
    ]);
  });
});

describe('ARCHITECTURE §8, status and reported state', () => {
  for (const payload of ['online', '{"state":"online"}'])
    test(`${payload} is online`, () =>
      expect(decode('status', payload).presence).toEqual([{ ...plug, presence: 'online' }]));
  test('another word is refused', () => expect(() => decode('status', 'ready')).toThrow(FormatError));
  test('reported state is an object', () => {
    expect(decode('reported', { mode: 'eco' }).reported).toEqual([{ ...plug, state: { mode: 'eco' } }]);
    expect(() => decode('reported', '[1]')).toThrow(FormatError);
  });
});

describe('ARCHITECTURE §6, command results', () => {
  test('success with a result', () => {
    expect(decode('commands/c1/result', { ok: true, result: 7 }).answer).toEqual({
      ...plug,
      id: 'c1',
      answer: { ok: true, state: undefined, result: 7 },
    });
  });
  test('acceptance before success', () => {
    expect(decode('commands/c1/result', { ok: true, state: 'accepted' }).answer?.answer).toMatchObject({
      state: 'accepted',
    });
  });
  test('failure always has a code and a message', () => {
    expect(decode('commands/c1/result', { ok: false }).answer?.answer).toEqual({
      ok: false,
      error: { code: 'device-error', message: 'The device gave no reason.' },
    });
  });
  for (const payload of ['done', '{"result":1}', '{"ok":true,"state":"queued"}'])
    test(`${payload} is no result`, () =>
      expect(() => decode('commands/c1/result', payload)).toThrow(FormatError));
});

test('an empty payload clears a retained topic and is set aside', () => {
  expect(decode('telemetry/power', '').aside).toMatch(/cleared/);
});

test('bytes that are no text are refused', () => {
  const own = { kind: 'telemetry', ...plug } as const;
  expect(() => decodeOwn(own, toMessage('t', Uint8Array.of(0xff, 0xfe)))).toThrow(
    expect.objectContaining({ code: 'invalid-utf8' }),
  );
});
