import { describe, expect, test } from 'vitest';
import { sparkplugControls } from '../../../../bridges/mqtt/families/sparkplug-controls.ts';
import { readMetric } from '../../../../bridges/mqtt/families/sparkplug-metrics.ts';
import { decodePayload, type SparkplugMetric } from '#contract/formats/sparkplug-payload.ts';

const told = { id: 'c1', atMs: 1_780_315_200_000 };
const properties = {
  keys: ['readOnly', 'engLow', 'engHigh'],
  values: [{ booleanValue: false }, { doubleValue: 0 }, { doubleValue: 50 }],
};

/** What the device would read in the command. */
function heard(metric: SparkplugMetric, wanted: number | boolean): unknown {
  const [control] = sparkplugControls(metric, 'spBv1.0/g/DCMD/n/d');
  const { payload = '' } = control?.tell(wanted, told) ?? {};
  const [said] = decodePayload(payload as Uint8Array).metrics ?? [];
  const { readings } = readMetric(said ?? {}, {
    name: said?.name ?? '',
    datatype: said?.datatype ?? 0,
    timeUs: 0,
  });
  return readings[0]?.value;
}

const offered = (metric: SparkplugMetric): unknown[] =>
  sparkplugControls(metric, 't').map(({ kind, min, max, isOffered = true }) => ({
    kind,
    min,
    max,
    isOffered,
  }));

describe('Sparkplug 3.0, DCMD', () => {
  for (const [datatype, value] of [
    [1, -100],
    [2, -30_000],
    [3, -2_000_000_000],
    [4, -5_000_000_000],
    [5, 200],
    [6, 60_000],
    [7, 4_000_000_000],
    [8, 5_000_000_000],
    [9, 12.3],
    [10, 0.1],
    [11, false],
  ] as const)
    test(`datatype ${datatype}: ${value} arrives as ${value}`, () =>
      expect(heard({ name: 'x', datatype }, value)).toBe(value));
  test('people are offered what the birth calls writable', () => {
    expect(offered({ name: 'sp', datatype: 10, properties })).toEqual([
      { kind: 'slider', min: 0, max: 50, isOffered: true },
    ]);
    expect(offered({ name: 'Outputs/E', datatype: 11 })).toMatchObject([{ kind: 'switch', isOffered: true }]);
    expect(offered({ name: 'Inputs/A', datatype: 11 })).toMatchObject([{ isOffered: false }]);
    expect(
      offered({
        name: 'x',
        datatype: 11,
        properties: { keys: ['readOnly'], values: [{ booleanValue: true }] },
      }),
    ).toEqual([]);
    expect(offered({ name: 'text', datatype: 12 })).toEqual([]);
  });
});
