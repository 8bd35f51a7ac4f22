import { describe, expect, test } from 'vitest';
import { arrivalSummary } from '../../hub/arrival-summary.ts';

describe('What an existing network brought', () => {
  test('is one sentence, the largest group first', () => {
    const groups = [
      { group: 'tasmota', devices: 12 },
      { group: 'zigbee2mqtt', devices: 41 },
    ];
    expect(arrivalSummary(groups, 3)).toBe(
      '41 devices from zigbee2mqtt, 12 from tasmota, 3 topics in the inbox',
    );
  });

  test('says one as one, and nothing of what there is none of', () => {
    expect(arrivalSummary([{ group: 'shelly', devices: 1 }], 1)).toBe(
      '1 device from shelly, 1 topic in the inbox',
    );
    expect(arrivalSummary([{ group: 'empty', devices: 0 }], 0)).toBe('no device yet');
  });
});
