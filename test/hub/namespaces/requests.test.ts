import { describe, expect, test } from 'vitest';
import {
  parseAnswer,
  parseCommand,
  parseCommandList,
  parseEmpty,
  parseEvent,
  parseHistoryQuery,
  parseSearch,
  parseSubscribe,
  parseUnsubscribe,
} from '../../../hub/namespaces/requests.ts';

type Parse = (payload: unknown) => unknown;

describe('Payloads that are taken as they are', () => {
  const good: readonly (readonly [string, Parse, unknown])[] = [
    ['groups', parseEmpty, {}],
    ['subscribe', parseSubscribe, { devices: ['lamp*'], mode: 'raw', history: { start: 0 } }],
    ['unsubscribe', parseUnsubscribe, { view: 'abc' }],
    ['history', parseHistoryQuery, { devices: ['lamp'], start: 0, window: 1000 }],
    ['search', parseSearch, { text: '', limit: 5 }],
    ['command', parseCommand, { device: 'lamp', name: 'relay', args: { value: [1, null] }, supersede: true }],
    ['commands', parseCommandList, { limit: 10 }],
    ['event', parseEvent, { name: 'pressed', ts: 1.5, data: null }],
  ];
  for (const [name, parse, payload] of good)
    test(name, () => {
      expect(parse(payload)).toBe(payload);
    });

  test('none at all where nothing is needed', () => {
    expect(parseEmpty(undefined)).toEqual({});
    expect(parseSubscribe(undefined)).toEqual({});
  });
});

describe('Payloads that are refused, with the place of the error', () => {
  const bad: readonly (readonly [string, Parse, unknown, string])[] = [
    ['subscribe', parseSubscribe, { devices: [7] }, '/devices/0'],
    ['subscribe', parseSubscribe, { maxHz: 0 }, '/maxHz'],
    ['subscribe', parseSubscribe, { from: { epoch: 'e', offset: -1 } }, '/from/offset'],
    ['unsubscribe', parseUnsubscribe, {}, 'The payload'],
    ['history', parseHistoryQuery, { devices: [], start: 0 }, '/devices'],
    ['search', parseSearch, { text: 'x'.repeat(201) }, '/text'],
    ['command', parseCommand, { device: 'lamp', name: 'relay', ttlMs: '5' }, '/ttlMs'],
    ['command', parseCommand, [], 'The payload'],
    ['commands', parseCommandList, { limit: 1e6 }, '/limit'],
    ['event', parseEvent, { name: '' }, '/name'],
    ['groups', parseEmpty, null, 'The payload'],
  ];
  for (const [name, parse, payload, place] of bad)
    test(`${name}: ${JSON.stringify(payload).slice(0, 60)}`, () => {
      expect(() => parse(payload)).toThrow(
        expect.objectContaining({
          name: 'RequestError',
          code: 'invalid-request',
          message: expect.stringContaining(place),
        }),
      );
    });
});

describe('What a device answers', () => {
  const good = [
    { ok: true },
    { ok: true, state: 'accepted', result: { on: true } },
    { ok: false, error: { code: 'jammed', message: 'Stuck.' } },
  ];
  for (const answer of good)
    test(`${JSON.stringify(answer)} is an answer`, () => {
      expect(parseAnswer(answer)).toEqual(answer);
    });
  for (const answer of [
    undefined,
    null,
    true,
    'ok',
    {},
    { ok: 'yes' },
    { ok: true, state: 'sent' },
    { ok: false },
  ])
    test(`${JSON.stringify(answer)} is none`, () => {
      expect(parseAnswer(answer)).toMatchObject({ ok: false, error: { code: 'invalid-answer' } });
    });
});
