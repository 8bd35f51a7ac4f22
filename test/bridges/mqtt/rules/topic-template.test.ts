import { describe, expect, test } from 'vitest';
import { checkFill, fill, TopicTemplate } from '../../../../bridges/mqtt/rules/topic-template.ts';

function partsOf(template: string, topic: string): object | undefined {
  const parts = new TopicTemplate(template).match(topic);
  return parts === undefined ? undefined : Object.fromEntries(parts);
}

describe('a topic template', () => {
  for (const [template, topic, parts] of [
    ['farm/{device}/env', 'farm/bed 7/env', { device: 'bed 7' }],
    ['farm/{a}/{b}', 'farm/x/y', { a: 'x', b: 'y' }],
    ['t/sensor-{id}_raw', 't/sensor-12_raw', { id: '12' }],
    ['a.b/{x}', 'a.b/1', { x: '1' }],
    ['{site}/+/t', 'north/any/t', { site: 'north' }],
    ['x/{d}/#', 'x/1', { d: '1' }],
    ['x/{d}/#', 'x/1/a/b', { d: '1' }],
    ['#', 'any/thing', {}],
    ['/{d}', '/7', { d: '7' }],
  ] as const)
    test(`${template} selects ${topic}`, () => {
      expect(partsOf(template, topic)).toEqual(parts);
    });

  for (const [template, topic] of [
    ['farm/{device}/env', 'farm/a/b/env'],
    ['farm/{device}/env', 'farm//env'],
    ['a.b/{x}', 'aXb/1'],
    ['x/{d}/#', 'x'],
    ['t/sensor-{id}', 't/sensor-'],
    // MQTT 5, §4.7.2
    ['#', '$SYS/broker/uptime'],
    ['+/broker/uptime', '$SYS/broker/uptime'],
    ['{a}/broker/uptime', '$SYS/broker/uptime'],
  ] as const)
    test(`${template} does not select ${topic}`, () => {
      expect(partsOf(template, topic)).toBeUndefined();
    });

  for (const template of ['a/#/b', 'a+/b', '{a}/{a}', '{a}{b}', '{a b}/x', 'x/{', 'a\0', '/'.repeat(40)])
    test(`${JSON.stringify(template)} is refused with a reason`, () => {
      expect(() => new TopicTemplate(template)).toThrow(
        expect.objectContaining({ code: 'invalid-template' }),
      );
    });
});

describe('a text with parts', () => {
  test('is filled with what the topic gave', () => {
    const parts = new Map([['d', '7']]);
    expect(fill('bed-{d}', parts)).toBe('bed-7');
    expect(fill('plain', parts)).toBe('plain');
  });
  test('may name only parts of the topic', () => {
    expect(() => checkFill('bed-{e}', new Set(['d']))).toThrow(/\{e\}/);
    checkFill('bed-{d}', new Set(['d']));
  });
});
