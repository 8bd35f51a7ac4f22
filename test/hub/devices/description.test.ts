import { describe, expect, test } from 'vitest';
import { controlKinds } from '#contract/device.ts';
import { descriptionParser } from '../../../hub/devices/description.ts';

const parse = descriptionParser();

describe('The description of a device', () => {
  test('is kept as told', () => {
    const told = {
      title: 'Küchenlampe',
      model: 'L-1',
      labels: { room: 'kitchen' },
      metrics: [{ metric: 'power', unit: 'W', precision: 1 }],
      controls: [{ name: 'relay', kind: 'switch', metric: 'on' }],
    };
    expect(parse(told)).toEqual(told);
  });

  test('every kind of control is known, and a dangerous one says so', () => {
    const controls = controlKinds.map((kind) => ({ name: kind, kind, dangerous: kind === 'button' }));
    expect(parse({ controls }).controls).toMatchObject(controls);
  });

  test('hostile text stays text', () => {
    expect(parse({ title: '<script>alert(1)</script>' }).title).toBe('<script>alert(1)</script>');
  });

  test('what nobody knows is left out', () => {
    expect(parse({ title: 'Lamp', secret: 'x' })).not.toHaveProperty('secret');
    expect(parse({ metrics: [{ metric: 'power', html: '<b>' }] }).metrics?.[0]).not.toHaveProperty('html');
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['not an object', 'lamp'],
    ['a list', []],
    ['a title that is no text', { title: 1 }],
    ['a title without end', { title: 'x'.repeat(201) }],
    ['too many labels', { labels: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, ''])) }],
    ['a label that is no text', { labels: { room: { $gt: '' } } }],
    ['a control of an unknown kind', { controls: [{ name: 'x', kind: 'bomb' }] }],
    ['a slider of no step', { controls: [{ name: 'x', kind: 'slider', step: 0 }] }],
    ['a metric that is no id', { metrics: [{ metric: 'no spaces' }] }],
    ['a metric named like a prototype', { metrics: [{ metric: '__proto__' }] }],
  ];
  for (const [what, value] of wrong)
    test(`is refused: ${what}`, () => {
      expect(() => parse(value)).toThrow(
        expect.objectContaining({ name: 'RequestError', status: 422, code: 'invalid-description' }),
      );
    });
});
