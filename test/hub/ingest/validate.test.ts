import { describe, expect, test } from 'vitest';
import type { Json } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import type { Quality, Value } from '#contract/reading.ts';
import {
  checkEvent,
  checkId,
  checkNames,
  checkTags,
  judgeTime,
  judgeValue,
  sortTags,
} from '../../../hub/ingest/validate.ts';

const now = Date.parse('2026-06-01T12:00:00Z') * 1000;
const minute = 60_000_000;
const incoming = { group: 'home', device: 'meter', metric: 'power', value: 1 };

function judge(value: Value, quality?: Quality) {
  return judgeValue({ ...incoming, value, quality });
}

const arrival = { arrivalUs: now, oldestUs: now - limits.retentionUs };

describe('Names', () => {
  test('that are ids pass', () => {
    expect(checkNames({ ...incoming, metric: 'ENERGY.Power_1:a-b' })).toBeUndefined();
  });

  for (const [code, fields] of [
    ['invalid-group', { group: 'Home' }],
    ['invalid-group', { group: 'admin' }],
    ['invalid-device', { device: '' }],
    ['invalid-device', { device: 'a/b' }],
    ['invalid-metric', { metric: '__proto__' }],
    ['invalid-metric', { metric: 'x'.repeat(129) }],
    ['invalid-metric', { metric: 'a\nb' }],
  ] as const)
    test(`${JSON.stringify(fields)} is an ${code}`, () => {
      expect(checkNames({ ...incoming, ...fields })?.code).toBe(code);
    });
});

describe('Tags', () => {
  test('are put in order, and none is nothing', () => {
    expect(JSON.stringify(sortTags({ b: '2', a: '1' }))).toBe('{"a":"1","b":"2"}');
    expect(sortTags({})).toBeUndefined();
  });

  test('may hold any printable text', () => {
    expect(checkTags({ path: '/var/lib, =ü 🙂' })).toBeUndefined();
  });

  for (const tags of [{ 'a b': 'x' }, { a: '' }, { a: 'x\u0000' }, { a: '\ud800' }, { a: 'x'.repeat(129) }])
    test(`${JSON.stringify(tags)} is refused`, () => {
      expect(checkTags(tags)?.code).toBe('invalid-tag');
    });

  test('are bounded in number', () => {
    const tags = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`t${index}`, 'x']));
    expect(checkTags(tags)?.code).toBe('too-many-tags');
  });
});

describe('Values', () => {
  for (const value of [0, -1.5, true, 'on', ''] satisfies Value[])
    test(`${JSON.stringify(value)} stays as it is`, () => {
      expect(judge(value)).toEqual({ value, quality: 'good' });
    });

  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null])
    test(`${value} is bad and null, never a number`, () => {
      expect(judge(value, 'good')).toEqual({ value: null, quality: 'bad' });
    });

  test('minus zero is zero', () => {
    expect(judge(-0)).toEqual({ value: 0, quality: 'good' });
  });

  test('a text is bounded in bytes, not in characters', () => {
    expect(judge('ü'.repeat(512))).toMatchObject({ quality: 'good' });
    expect(judge('ü'.repeat(513))).toMatchObject({ code: 'value-too-long' });
  });

  test('half a character becomes the replacement character', () => {
    expect(judge('a\ud800')).toMatchObject({ value: 'a\ufffd' });
  });

  test('what is no value is refused', () => {
    expect(judge({ nested: 1 } as unknown as Value)).toMatchObject({ code: 'invalid-value' });
    expect(judge(undefined as unknown as Value)).toMatchObject({ code: 'invalid-value' });
    expect(judge(1, 'fine' as Quality)).toMatchObject({ code: 'invalid-quality' });
  });
});

describe('Times', () => {
  test('without one the hub stamps', () => {
    expect(judgeTime(undefined, arrival)).toEqual({ timeUs: undefined, isUncertain: false });
  });

  test('of its own a device keeps, up to ten minutes ahead without doubt', () => {
    expect(judgeTime(now + 10 * minute, arrival)).toEqual({ timeUs: now + 10 * minute, isUncertain: false });
  });

  test('further ahead is kept, uncertain', () => {
    expect(judgeTime(now + 11 * minute, arrival)).toEqual({ timeUs: now + 11 * minute, isUncertain: true });
  });

  for (const unset of [0, -1, limits.earliestTimeUs - 1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])
    test(`${unset} is no time: arrival, uncertain`, () => {
      expect(judgeTime(unset, arrival)).toEqual({ timeUs: undefined, isUncertain: true });
    });

  test('older than the retention is refused', () => {
    expect(judgeTime(now - limits.retentionUs, arrival)).toMatchObject({ isUncertain: false });
    expect(judgeTime(now - limits.retentionUs - 1, arrival)).toMatchObject({ code: 'older-than-retention' });
  });

  test('is a whole number of microseconds', () => {
    expect(judgeTime(now + 0.25, arrival)).toMatchObject({ timeUs: now });
  });
});

describe('Ids and events', () => {
  test('an id is a short text', () => {
    expect([checkId(undefined), checkId('a b')]).toEqual([undefined, undefined]);
    for (const id of ['', 'x'.repeat(129), '\ud800', 7 as unknown as string])
      expect(checkId(id)?.code).toBe('invalid-id');
  });

  const nested = (levels: number): Json => (levels === 0 ? 1 : [nested(levels - 1)]);
  for (const [code, fields] of [
    [undefined, {}],
    [undefined, { data: nested(32) }],
    ['data-too-deep', { data: nested(33) }],
    ['data-too-deep', { data: nested(5000) }],
    ['data-too-long', { data: 'x'.repeat(limits.eventDataBytes) }],
    ['invalid-event-name', { name: 'a b' }],
    ['invalid-event-name', { name: 'x'.repeat(65) }],
    ['invalid-group', { group: 'admin' }],
    ['invalid-device', { device: '#' }],
  ] as const)
    test(`an event with ${JSON.stringify(fields).slice(0, 40)} is ${code ?? 'fine'}`, () => {
      expect(checkEvent({ group: 'home', device: 'button', name: 'press', ...fields })?.code).toBe(code);
    });
});
