import { expect, test } from 'vitest';
import { decodePayload, encodePayload, toLong } from '#contract/formats/sparkplug-payload.ts';

test('what is set to zero is set, what is absent is absent', () => {
  const [metric] =
    decodePayload(encodePayload(0, [{ name: 'x', alias: toLong(0), booleanValue: false }])).metrics ?? [];
  expect([metric?.booleanValue, metric?.alias?.toNumber(), metric?.intValue, metric?.templateValue]).toEqual([
    false,
    0,
    undefined,
    undefined,
  ]);
});

test('a payload comes back as it was said', () => {
  const payload = decodePayload(encodePayload(1_780_315_200_000, [{ name: 'x', doubleValue: 0.5 }], 7));
  expect([payload.timestamp?.toNumber(), payload.seq?.toNumber()]).toEqual([1_780_315_200_000, 7]);
  expect(payload.metrics?.[0]?.timestamp?.toNumber()).toBe(1_780_315_200_000);
});

for (const hex of ['ff', '12ff', '1207080912ffffffff'])
  test(`${hex} is no payload`, () =>
    expect(() => decodePayload(Buffer.from(hex, 'hex'))).toThrow(
      expect.objectContaining({ code: 'invalid-protobuf' }),
    ));
