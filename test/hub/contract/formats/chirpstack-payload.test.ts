import { expect, test } from 'vitest';
import { readChirpstack } from '#contract/formats/chirpstack-payload.ts';

test('a state of the connection has its number and the gateway’s id', () => {
  const bytes = Uint8Array.from([0x10, 1, 0x1a, 2, 0x61, 0x62]);
  expect(readChirpstack('conn', bytes)).toEqual({ state: 1, gatewayId: 'ab' });
});

test('a time is RFC 3339 to the microsecond', () => {
  const bytes = Uint8Array.from([0x12, 6, 0x08, 60, 0x10, 0xb8, 0xf3, 0x7b]);
  expect(readChirpstack('stats', bytes)).toEqual({ time: '1970-01-01T00:01:00.002030Z' });
});

test('what is not set is not there; what is no Protobuf is undefined', () => {
  expect(readChirpstack('stats', new Uint8Array())).toEqual({});
  expect(readChirpstack('stats', Uint8Array.from([0x12, 9, 1]))).toBeUndefined();
});
