import { describe, expect, test } from 'vitest';
import type { CommittedReading } from '#contract/reading.ts';
import { confirmationOf, wantedOf, type FamilyControl } from '../../../../bridges/mqtt/families/control.ts';

const tell = () => ({ topic: 't', payload: '' });
const relay: FamilyControl = { name: 'relay', kind: 'switch', metric: 'relay', tell };
const dimmer: FamilyControl = { name: 'dim', kind: 'slider', metric: 'dim', min: 0, max: 100, step: 1, tell };
const reading = (value: CommittedReading['value']): CommittedReading => ({
  group: 'g',
  device: 'd',
  metric: 'relay',
  timeUs: 1,
  value,
  quality: 'good',
  stampedBy: 'hub',
  offset: 1,
});

describe('a control of a family', () => {
  test('takes the value that its kind takes', () => {
    expect(wantedOf(relay, { value: true })).toEqual({ value: true });
    expect(wantedOf(dimmer, { value: 40 })).toEqual({ value: 40 });
  });
  for (const [control, args] of [
    [relay, { value: 'ON' }],
    [relay, null],
    [relay, { value: 1 }],
    [dimmer, { value: 101 }],
    [dimmer, { value: true }],
    [dimmer, { value: null }],
  ] as const)
    test(`${control.kind} refuses ${JSON.stringify(args)} before anything is sent`, () =>
      expect(wantedOf(control, args)).toMatchObject({ error: { code: 'invalid-value' } }));
  test('is confirmed by the reading that shows what was wanted, however the device writes it', () => {
    const confirmation = confirmationOf(relay, true);
    expect(confirmation.metrics).toEqual(['relay']);
    expect(confirmation.judge(reading(false))).toBeUndefined();
    expect(confirmation.judge(reading(null))).toBeUndefined();
    expect(confirmation.judge(reading(true))).toMatchObject({ ok: true, state: 'succeeded' });
    expect(confirmation.judge(reading(1))).toMatchObject({ ok: true });
  });
  test('numbers may be rounded to the step, or to 32 bits', () => {
    expect(confirmationOf(dimmer, 40).judge(reading(40.4))).toMatchObject({ ok: true });
    expect(confirmationOf(dimmer, 40).judge(reading(41))).toBeUndefined();
    expect(
      confirmationOf({ ...dimmer, step: undefined }, 12.3).judge(reading(12.300000190734863)),
    ).toMatchObject({ ok: true });
  });
});
