import { encode } from 'cbor2';
import { expect, test } from 'vitest';
import { understand } from './decode.ts';

test('a pack is recognised by its shape, and its base names are the devices', () => {
  const pack = [
    { bn: 'dev-a/', bt: 1777629600, n: 'temperature', u: 'Cel', v: 4.5 },
    { n: 'humidity', u: '%RH', v: 40 },
    { bn: 'dev-b/', n: 'temperature', u: 'Cel', v: 5 },
  ];
  expect(understand('any/topic', pack)).toEqual([
    'senml/dev-a temperature = 4.5 Cel @2026-05-01T10:00:00.000Z',
    'senml/dev-a humidity = 40 % @2026-05-01T10:00:00.000Z',
    'senml/dev-b temperature = 5 Cel @2026-05-01T10:00:00.000Z',
  ]);
});

test('without a base name the last level of the topic is the device', () => {
  expect(understand('field/pump7', [{ n: 'flow', v: 2 }])).toEqual(['senml/pump7 flow = 2']);
});

test('an array that only happens to have an n and a v is nobody’s', () => {
  expect(understand('any/topic', [{ n: 'x', v: 1, colour: 'red' }])).toEqual(['unknown']);
  expect(understand('any/topic', [1, 2])).toEqual(['unknown']);
});

test('in CBOR the labels are numbers; the bytes are proof enough', () => {
  const record = new Map<number, unknown>([
    [-2, 'dev-a/'],
    [-3, 1_777_629_600],
    [0, 'temperature'],
    [1, 'Cel'],
    [2, 4.5],
  ]);
  const data = new Map<number, unknown>([
    [0, 'picture'],
    [8, new Uint8Array([1, 2, 255])],
  ]);
  expect(understand('any/topic', encode([record, data]))).toEqual([
    'senml/dev-a temperature = 4.5 Cel @2026-05-01T10:00:00.000Z',
    'senml/dev-a picture = "AQL_" @2026-05-01T10:00:00.000Z',
  ]);
});

test('CBOR that is no pack is nobody’s', () => {
  expect(understand('any/topic', encode([{ a: 1 }]))).toEqual(['unknown']);
  expect(understand('any/topic', Buffer.from('8181', 'hex'))).toEqual(['unknown']);
});

test.each([[[{ n: 'a', v: 'b' }]], [[{ bn: 'x' }]]])('%j looks like a pack and is none', (payload) => {
  expect(understand('x/y', payload)).toEqual(['unknown']);
});
