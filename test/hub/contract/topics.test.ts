import { describe, expect, test } from 'vitest';
import { formatTopic, parseTopic, type OwnTopic } from '#contract/topics.ts';

const at = { group: 'g', device: 'd' };
const pairs: readonly [string, OwnTopic][] = [
  ['signalbox/g/d/telemetry', { kind: 'telemetry', ...at }],
  ['signalbox/g/d/telemetry/temperature', { kind: 'telemetry', ...at, metric: 'temperature' }],
  ['signalbox/g/d/event', { kind: 'event', ...at }],
  ['signalbox/g/d/status', { kind: 'status', ...at }],
  ['signalbox/g/d/reported', { kind: 'reported', ...at }],
  ['signalbox/g/d/commands/c1', { kind: 'command', ...at, id: 'c1' }],
  ['signalbox/g/d/commands/c1/result', { kind: 'result', ...at, id: 'c1' }],
];

describe('our own topics', () => {
  for (const [text, topic] of pairs)
    test(`${text} is read and written alike`, () => {
      expect(parseTopic(text)).toEqual(topic);
      expect(formatTopic(topic)).toBe(text);
    });

  test('the first level can be another one', () => {
    expect(parseTopic('plant/hub/g/d/event', 'plant/hub')).toEqual({ kind: 'event', ...at });
    expect(formatTopic({ kind: 'event', ...at }, 'plant/hub')).toBe('plant/hub/g/d/event');
  });

  const foreign = [
    'signalbox',
    'signalbox/',
    'signalbox/g',
    'signalbox/g/d',
    'signalbox/g/d/',
    'signalbox//d/event',
    'signalbox/g//event',
    'signalbox/g/d/event/x',
    'signalbox/g/d/telemetry/',
    'signalbox/g/d/telemetry/a/b',
    'signalbox/g/d/commands',
    'signalbox/g/d/commands/',
    'signalbox/g/d/commands/c1/other',
    'signalbox/g/d/x',
    'signalbox/g/d/commands/c1/result/x',
    'Signalbox/g/d/event',
    '/signalbox/g/d/event',
    'tele/g/d/event',
    '',
  ];
  for (const topic of foreign)
    test(`${JSON.stringify(topic)} is none of ours`, () => expect(parseTopic(topic)).toBeUndefined());
});
