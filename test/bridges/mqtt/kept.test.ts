import { describe, expect, test } from 'vitest';
import { partsOfKept } from '../../../bridges/mqtt/kept.ts';

const reading = { group: 'g', device: 'd', metric: 'm', value: 1 };
const parts = {
  readings: [reading, { ...reading, id: 'own' }],
  events: [{ group: 'g', device: 'd', name: 'e' }],
};

describe('what of a kept message is offered again', () => {
  test('all of it, named by its row where the sender gave no id', () => {
    const again = partsOfKept({ id: 'row 7' }, parts);
    expect(again.readings.map(({ id }) => id)).toEqual(['row 7', 'own']);
    expect(again.events).toMatchObject([{ id: 'row 7' }]);
    expect(again.isKept).toBe(true);
  });
  test('only the parts that are not stored, counted over readings and events', () => {
    const again = partsOfKept({ id: 'r', partly: { of: 3, rejected: [1, 2] } }, parts);
    expect(again.readings.map(({ id }) => id)).toEqual(['own']);
    expect(again.events).toHaveLength(1);
  });
  test('nothing when nobody can tell any more which parts are stored', () => {
    expect(() => partsOfKept({ id: 'r', partly: { of: 2, rejected: [1] } }, parts)).toThrow(
      expect.objectContaining({ code: 'decoded-otherwise' }),
    );
  });
});
