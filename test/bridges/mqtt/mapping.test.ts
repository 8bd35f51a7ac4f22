import { describe, expect, test } from 'vitest';
import type { Family, FamilyReport } from '../../../bridges/mqtt/families/family.ts';
import { mapToFamily } from '../../../bridges/mqtt/mapping.ts';
import { toContext, toMessage } from './families/decode.ts';

const utc = toContext();
const saying = (report: FamilyReport): Family => ({
  name: 'acme',
  recognises: () => true,
  decode: () => ({ reports: [report] }),
});

describe('ARCHITECTURE §4, names', () => {
  test('the group is the family, and names become ids that keep the original as title', () => {
    const meaning = mapToFamily(
      toMessage('t', 'x'),
      [saying({ device: 'Front Door', readings: [{ metric: 'soil moisture', value: 1 }] })],
      utc,
    );
    const [reading] = meaning?.readings ?? [];
    expect(reading?.group).toBe('acme');
    expect(reading?.device).toMatch(/^Front_Door-[0-9a-f]{4}$/);
    expect(reading?.metric).toMatch(/^soil_moisture-[0-9a-f]{4}$/);
    expect(meaning?.descriptions).toEqual([
      {
        group: 'acme',
        device: reading?.device,
        description: { title: 'Front Door', metrics: [{ metric: reading?.metric, title: 'soil moisture' }] },
      },
    ]);
  });
  test('a device without anything to describe is not described', () => {
    const meaning = mapToFamily(
      toMessage('t', 'x'),
      [saying({ device: 'd', readings: [{ metric: 'm', value: 1 }] })],
      utc,
    );
    expect(meaning?.descriptions).toEqual([]);
  });
  test('a unit describes its metric', () => {
    const meaning = mapToFamily(
      toMessage('t', 'x'),
      [saying({ device: 'd', readings: [{ metric: 'm', value: 1, unit: 'W' }] })],
      utc,
    );
    expect(meaning?.descriptions?.[0]?.description).toEqual({ metrics: [{ metric: 'm', unit: 'W' }] });
    expect(meaning?.readings?.[0]).not.toHaveProperty('unit');
  });
});

describe('families', () => {
  test('the first that recognises a message decodes it', () => {
    const deaf: Family = { ...saying({ device: 'no' }), name: 'deaf', recognises: () => false };
    const second = { ...saying({ device: 'never' }), name: 'later' };
    expect(mapToFamily(toMessage('t', 'x'), [deaf, saying({ device: 'd' }), second], utc)?.decoder).toBe(
      'acme',
    );
    expect(mapToFamily(toMessage('t', 'x'), [deaf], utc)).toBeUndefined();
  });
  test('see the payload as text and as JSON only if it is', () => {
    const seen: unknown[] = [];
    const curious: Family = {
      ...saying({ device: 'd' }),
      recognises: ({ text, json, levels }) => {
        seen.push([levels, text, json]);
        return false;
      },
    };
    mapToFamily(toMessage('a/b', '{"x":1}'), [curious], utc);
    mapToFamily(toMessage('a/b', Uint8Array.of(0xff)), [curious], utc);
    mapToFamily(toMessage('a/b', 'plain\0'), [curious], utc);
    expect(seen).toEqual([
      [['a', 'b'], '{"x":1}', { x: 1 }],
      [['a', 'b'], undefined, undefined],
      [['a', 'b'], 'plain', undefined],
    ]);
  });
  test('an empty payload never reaches a decoder', () => {
    const strict: Family = {
      ...saying({ device: 'd' }),
      decode: () => {
        throw new Error('Called.');
      },
    };
    expect(mapToFamily(toMessage('t', ''), [strict], utc)?.aside).toMatch(/cleared/);
  });
});
