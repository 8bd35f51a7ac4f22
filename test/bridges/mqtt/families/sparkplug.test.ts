/** Payloads are made by `sparkplug-payload`, an implementation that is not ours. */
import { get } from 'sparkplug-payload';
import { describe, expect, test } from 'vitest';
import type { UPayload } from 'sparkplug-payload/lib/sparkplugbpayload.js';
import type { MappingContext } from '../../../../bridges/mqtt/mapping.ts';
import { decodePayload } from '#contract/formats/sparkplug-payload.ts';
import { map, toContext, toldTo, understand, understandBytes } from './decode.ts';

const { encodePayload } = get('spBv1.0') ?? {};
const ms = 1_780_315_200_000;

function bytes(seq: number, metrics: UPayload['metrics'], timestamp = ms): Uint8Array {
  if (encodePayload === undefined) throw new Error('sparkplug-payload does not know spBv1.0.');
  return encodePayload({ timestamp, seq, metrics: metrics ?? [] });
}

const node = (type: string): string => `spBv1.0/plant/${type}/press`;
const device = (type: string): string => `spBv1.0/plant/${type}/press/oven`;
const bdSeq = { name: 'bdSeq', type: 'UInt64', value: 4 } as const;
const temperature = { name: 'Zone 1/Temp', alias: 0, type: 'Float', value: 12.3 } as const;

function born(): MappingContext {
  const context = toContext();
  understandBytes(node('NBIRTH'), bytes(0, [bdSeq]), context);
  understandBytes(device('DBIRTH'), bytes(1, [temperature]), context);
  return context;
}

/** Whom the family asks for a rebirth when it hears this. */
function asked(topic: string, payload: Uint8Array, context: MappingContext): string[] {
  return (map(topic, payload, { context })?.says ?? []).map(({ topic: to, payload: said }) => {
    const [metric] = decodePayload(said as Uint8Array).metrics ?? [];
    return `${to} ${metric?.name}=${metric?.booleanValue}`;
  });
}

describe('Sparkplug 3.0, births and data', () => {
  test('a birth is the device, its values, and that it is there', () => {
    expect(
      understandBytes(node('NBIRTH'), bytes(0, [bdSeq, { name: 'load', type: 'Int32', value: -5 }])),
    ).toEqual([
      'sparkplug/plant_press-2696 load = -5 @2026-06-01T12:00:00.000Z',
      'sparkplug/plant_press-2696 is online',
    ]);
  });
  test('data by alias alone has the name of the birth; 32 bits are not shown as 64', () =>
    expect(
      understandBytes(device('DDATA'), bytes(2, [{ alias: 0, type: 'Float', value: 12.3 }]), born()),
    ).toEqual(['sparkplug/plant_press_oven-7410 Zone_1.Temp-5b5a = 12.3 @2026-06-01T12:00:00.000Z']));
  test('a metric has its own time; history is stored at its own', () =>
    expect(
      understandBytes(
        device('DDATA'),
        bytes(2, [{ name: 'p', type: 'Double', value: 1, timestamp: ms - 60_000, isHistorical: true }]),
        born(),
      ),
    ).toEqual(['sparkplug/plant_press_oven-7410 p = 1 @2026-06-01T11:59:00.000Z']));
  test('history is no sign of what is now', () => {
    const metrics = [
      { name: 'p', type: 'Double', value: 1, timestamp: ms - 60_000, isHistorical: true },
      { name: 'q', type: 'Double', value: 2 },
    ] as const;
    const meaning = map(device('DDATA'), bytes(2, [...metrics]), { context: born() });
    expect(meaning?.past?.map(({ metric, timeUs }) => ({ metric, timeUs }))).toEqual([
      { metric: 'p', timeUs: (ms - 60_000) * 1000 },
    ]);
  });
  test('null is bad, not zero', () =>
    expect(
      understandBytes(
        device('DDATA'),
        bytes(2, [{ name: 'p', type: 'Double', value: null, isNull: true }]),
        born(),
      ),
    ).toEqual(['sparkplug/plant_press_oven-7410 p = null ~bad @2026-06-01T12:00:00.000Z']));
});

describe('Sparkplug 3.0, aliases and sequence numbers', () => {
  test('data of a node that was never born is asked for its birth', () =>
    expect(asked(device('DDATA'), bytes(9, [{ alias: 7, type: 'Int32', value: 1 }]), toContext())).toEqual([
      'spBv1.0/plant/NCMD/press Node Control/Rebirth=true',
    ]));
  test('what has a name is kept all the same', () =>
    expect(understandBytes(device('DDATA'), bytes(9, [{ name: 'p', type: 'Int32', value: 1 }]))).toEqual([
      'sparkplug/plant_press_oven-7410 p = 1 @2026-06-01T12:00:00.000Z',
    ]));
  test('an alias that no birth named is a problem, and asked for', () => {
    const context = born();
    const unknown = bytes(2, [{ alias: 99, type: 'Int32', value: 1 }]);
    expect(understandBytes(device('DDATA'), unknown, born())).toEqual(['problem no-birth']);
    expect(asked(device('DDATA'), unknown, context)).toHaveLength(1);
  });
  test('a gap in the sequence is told and asked for; round about 255 is none', () => {
    const context = born();
    for (let seq = 2; seq <= 255; seq += 1)
      expect(asked(device('DDATA'), bytes(seq, [temperature]), context)).toEqual([]);
    expect(asked(device('DDATA'), bytes(0, [temperature]), context)).toEqual([]);
    expect(understandBytes(device('DDATA'), bytes(2, [temperature]), context)).toContain(
      'problem sequence-gap',
    );
  });
  test('data of a device that its node has not born, or that has died, is asked for', () => {
    const data = bytes(2, [{ name: 'p', type: 'Int32', value: 1 }]);
    const context = toContext();
    understandBytes(node('NBIRTH'), bytes(1, [bdSeq]), context);
    expect(asked(device('DDATA'), data, context)).toHaveLength(1);
    const other = born();
    understandBytes(device('DDEATH'), bytes(2, []), other);
    expect(asked(device('DDATA'), bytes(3, [temperature]), other)).toHaveLength(1);
  });
  test('a node is not asked again at once', () => {
    const context = toContext();
    const data = bytes(9, [{ alias: 7, type: 'Int32', value: 1 }]);
    expect(asked(node('NDATA'), data, context)).toHaveLength(1);
    expect(asked(node('NDATA'), data, context)).toEqual([]);
  });
});

describe('Sparkplug 3.0, deaths', () => {
  test('a node takes its devices along', () =>
    expect(understandBytes(node('NDEATH'), bytes(0, [bdSeq]), born())).toEqual([
      'sparkplug/plant_press_oven-7410 Zone_1.Temp-5b5a = 12.3 ~stale @2026-06-01T12:00:00.000Z',
      'sparkplug/plant_press-2696 is offline',
      'sparkplug/plant_press_oven-7410 is offline',
    ]));
  test('the will of an older session says nothing about the present one', () =>
    expect(understandBytes(node('NDEATH'), bytes(0, [{ ...bdSeq, value: 3 }]), born())).toEqual(['aside']));
  test('a birth of a new session, its death unheard, ends the devices of the old one; a rebirth does not', () => {
    const context = born();
    expect(understandBytes(node('NBIRTH'), bytes(0, [bdSeq]), context)).toEqual([
      'sparkplug/plant_press-2696 is online',
    ]);
    expect(understandBytes(node('NBIRTH'), bytes(0, [{ ...bdSeq, value: 5 }]), born())).toEqual([
      'sparkplug/plant_press_oven-7410 Zone_1.Temp-5b5a = 12.3 ~stale @2026-06-01T12:00:00.000Z',
      'sparkplug/plant_press-2696 is online',
      'sparkplug/plant_press_oven-7410 is offline',
    ]);
  });
  test('a gap before the death of a device is asked for', () => {
    expect(asked(device('DDEATH'), bytes(2, []), born())).toEqual([]);
    expect(asked(device('DDEATH'), bytes(3, []), born())).toHaveLength(1);
    expect(asked(node('NDEATH'), bytes(0, [bdSeq]), born())).toEqual([]);
  });
  test('a device dies alone', () =>
    expect(understandBytes(device('DDEATH'), bytes(2, []), born())).toEqual([
      'sparkplug/plant_press_oven-7410 Zone_1.Temp-5b5a = 12.3 ~stale @2026-06-01T12:00:00.000Z',
      'sparkplug/plant_press_oven-7410 is offline',
    ]));
});

function timeIn(line: string | undefined): number {
  return Number(line?.split('@')[1]);
}

describe('Sparkplug 3.0, what was said last becomes stale by a death (tck-id-…-tags-stale)', () => {
  const minuteUs = 60_000_000;
  const bornUs = ms * 1000;
  /** Readings of one message, `metric = value ~quality @µs after the births`. */
  const readingsOf = (
    [topic, payload, receivedAtUs]: readonly [topic: string, payload: Uint8Array, receivedAtUs: number],
    context: MappingContext,
  ): string[] =>
    (map(topic, payload, { context, receivedAtUs })?.readings ?? []).map(
      ({ metric, value, quality, timeUs = Number.NaN }) =>
        `${metric} = ${value} ~${quality} @${timeUs - bornUs}`,
    );
  const temp = 'Zone_1.Temp-5b5a';
  /** A will has the time of the connect, long ago. */
  const will = bytes(0, [bdSeq], ms - 3_600_000);

  test('of a node: at the time of the host; the same message offered again is answered alike, another is no news', () => {
    const context = born();
    const death = [node('NDEATH'), will, bornUs + minuteUs] as const;
    const expected = [`${temp} = 12.3 ~stale @${minuteUs}`];
    expect(readingsOf(death, context)).toEqual(expected);
    expect(readingsOf(death, context)).toEqual(expected);
    expect(readingsOf([node('NDEATH'), will, bornUs + 2 * minuteUs], context)).toEqual([]);
  });
  test('of a device: at the time of its death message', () =>
    expect(readingsOf([device('DDEATH'), bytes(2, [], ms + 5), bornUs + minuteUs], born())).toEqual([
      `${temp} = 12.3 ~stale @5000`,
    ]));
  test('behind what the device said last, where its clock is ahead', () => {
    const context = born();
    const ahead = bytes(2, [{ name: 'p', type: 'Int32', value: 1 }], ms + 90_000);
    readingsOf([device('DDATA'), ahead, bornUs + minuteUs], context);
    expect(readingsOf([node('NDEATH'), will, bornUs + minuteUs + 1], context)).toContain(
      `p = 1 ~stale @${90_000_000 + 1}`,
    );
  });
  test('it confirms no command', () => {
    const meaning = map(node('NDEATH'), will, { context: born() });
    expect(meaning?.past).toEqual(meaning?.readings);
  });
  test('what has no value stays bad, and history is not what was said last', () => {
    const context = born();
    const metrics = [
      { name: 'p', type: 'Double', value: null, isNull: true },
      { name: 'q', type: 'Double', value: 1, timestamp: ms - 60_000, isHistorical: true },
    ] as const;
    readingsOf([device('DDATA'), bytes(2, [...metrics]), bornUs], context);
    expect(readingsOf([device('DDEATH'), bytes(3, []), bornUs + minuteUs], context)).toHaveLength(1);
  });
  test('a device that was heard without a birth goes with its node, too', () => {
    const context = toContext();
    readingsOf([device('DDATA'), bytes(2, [{ name: 'p', type: 'Int32', value: 1 }]), bornUs], context);
    expect(understandBytes(node('NDEATH'), will, context)).toEqual([
      'sparkplug/plant_press_oven-7410 p = 1 ~stale @2026-06-01T12:00:00.000Z',
      'sparkplug/plant_press-2696 is offline',
      'sparkplug/plant_press_oven-7410 is offline',
    ]);
  });
  test('the next birth is good again, also where the value has not changed since before the death', () => {
    const context = born();
    readingsOf([node('NDEATH'), will, bornUs + minuteUs], context);
    readingsOf(
      [node('NBIRTH'), bytes(0, [{ ...bdSeq, value: 5 }], ms + 120_000), bornUs + 2 * minuteUs],
      context,
    );
    const birth = bytes(1, [{ ...temperature, timestamp: ms }], ms + 120_001);
    expect(readingsOf([device('DBIRTH'), birth, bornUs + 2 * minuteUs], context)).toEqual([
      `${temp} = 12.3 ~good @0`,
      `${temp} = 12.3 ~good @120001000`,
    ]);
  });
  test('the next birth is good again where the clock of the node is behind', () => {
    const context = toContext();
    const [behindMs, receivedUs] = [ms - 3_600_000, bornUs];
    readingsOf(
      [node('NBIRTH'), bytes(0, [bdSeq, { name: 'p', type: 'Int32', value: 1 }], behindMs), receivedUs],
      context,
    );
    const dead = readingsOf([node('NDEATH'), will, receivedUs + minuteUs], context);
    const again = bytes(0, [bdSeq, { name: 'p', type: 'Int32', value: 1 }], behindMs + 61_000);
    const alive = readingsOf([node('NBIRTH'), again, receivedUs + 61_000_000], context);
    expect(dead).toHaveLength(1);
    expect(timeIn(alive.at(-1))).toBeGreaterThan(timeIn(dead[0]));
  });
});

describe('Sparkplug 3.0, the rest of the namespace', () => {
  test('commands and host states are understood and set aside', () => {
    expect(understandBytes(device('DCMD'), bytes(0, [temperature]))).toEqual(['aside']);
    expect(understand('spBv1.0/STATE/scada', '{"online":true,"timestamp":1}')).toEqual(['aside']);
    expect(understand('STATE/scada', 'ONLINE')).toEqual(['aside']);
    expect(understand('STATE/scada', 'running')).toEqual(['unknown']);
  });
  test('what is no protobuf is an error, not a crash', () =>
    expect(() => understandBytes(node('NDATA'), Buffer.from('ff'.repeat(9), 'hex'))).toThrow(
      expect.objectContaining({ code: 'invalid-protobuf' }),
    ));
  for (const topic of [
    'spBv1.0/plant/NBIRTH',
    'spBv1.0/plant/DDATA/press',
    'spBv1.0/plant/XDATA/press',
    'spAv1.0/plant/NDATA/press',
  ])
    test(`${topic} is nobody’s`, () => expect(understandBytes(topic, bytes(0, []))).toEqual(['unknown']));
});

describe('Sparkplug 3.0, commands', () => {
  test('a writable output is a switch, told with the alias of its birth', () => {
    const birth = bytes(1, [{ name: 'Outputs/LED', alias: 5, type: 'Boolean', value: false }]);
    const [control] = toldTo(device('DBIRTH'), birth, born()).map((line) => line.split(' → ')[0]);
    expect(control).toBe('sparkplug/plant_press_oven-7410 Outputs.LED switch');
  });
});
