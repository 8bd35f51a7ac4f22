/** Protobuf payloads are written byte for byte by hand, after the field numbers of gw.proto. */
import { describe, expect, test } from 'vitest';
import { map, understand } from './decode.ts';

const id = '0102030405060708';
const base = `gateway/${id}`;
const time = '2026-06-01T12:00:00Z';
const at = '@2026-06-01T12:00:00.000Z';

/** A field of Protobuf with a length: text, bytes or a message. */
function field(number: number, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const tag = (number << 3) | 2;
  const head = tag < 128 ? [tag] : [(tag & 127) | 128, tag >> 7];
  return Buffer.concat([Buffer.from([...head, bytes.length]), bytes]);
}
/** One with a small number. */
function small(number: number, value: number): Buffer {
  return Buffer.from([number << 3, value]);
}

describe('ChirpStack, statistics of a gateway', () => {
  test('in JSON are readings of the gateway at its own time, by frequency too', () => {
    const stats = {
      gatewayId: id,
      time,
      rxPacketsReceived: 9,
      rxPacketsReceivedOk: 8,
      rxPacketsPerFrequency: { 868_100_000: 5 },
      location: { latitude: 1.5, longitude: 2.5, altitude: 10, source: 'GPS' },
      metadata: { region: 'eu868' },
    };
    expect(understand(`${base}/event/stats`, stats)).toEqual([
      `chirpstack/${id} rxPacketsReceived = 9 ${at}`,
      `chirpstack/${id} txPacketsEmitted = 0 ${at}`,
      `chirpstack/${id} rxPacketsReceivedOk = 8 ${at}`,
      `chirpstack/${id} rxPacketsPerFrequency.868100000 = 5 ${at}`,
      `chirpstack/${id} location.latitude = 1.5 deg ${at}`,
      `chirpstack/${id} location.longitude = 2.5 deg ${at}`,
      `chirpstack/${id} location.altitude = 10 m ${at}`,
    ]);
    expect(map(`eu868/${base}/event/stats`, stats)?.descriptions?.[0]?.description.labels).toEqual({
      region: 'eu868',
    });
  });

  test('in Protobuf are the same', () => {
    const seconds = Date.parse(time) / 1000;
    const varint: number[] = [];
    for (let rest = seconds; rest > 0; rest = Math.floor(rest / 128))
      varint.push((rest % 128) + (rest >= 128 ? 128 : 0));
    const stats = Buffer.concat([
      field(2, Buffer.from([8, ...varint])),
      small(5, 9),
      small(6, 8),
      field(10, Buffer.concat([field(1, 'region'), field(2, 'eu868')])),
      field(13, Buffer.concat([small(1, 100), small(2, 5)])),
      field(17, id),
    ]);
    expect(understand(`${base}/event/stats`, stats)).toEqual([
      `chirpstack/${id} rxPacketsReceived = 9 ${at}`,
      `chirpstack/${id} txPacketsEmitted = 0 ${at}`,
      `chirpstack/${id} rxPacketsReceivedOk = 8 ${at}`,
      `chirpstack/${id} rxPacketsPerFrequency.100 = 5 ${at}`,
    ]);
  });

  test('of version 3 name the gateway in base64, or as bytes', () => {
    const old = { gatewayID: Buffer.from(id, 'hex').toString('base64'), rxPacketsReceivedOK: 2 };
    expect(understand(`${base}/event/stats`, old)).toContain(`chirpstack/${id} rxPacketsReceivedOK = 2`);
    const bytes = Buffer.concat([field(1, Buffer.from(id, 'hex')), small(5, 3)]);
    expect(understand(`${base}/event/stats`, bytes)).toContain(`chirpstack/${id} rxPacketsReceived = 3`);
  });
});

describe('ChirpStack, the connection of a gateway', () => {
  test('is its presence, in JSON and in Protobuf; what is left out is offline', () => {
    expect(understand(`${base}/state/conn`, { gatewayId: id, state: 'ONLINE' })).toEqual([
      `chirpstack/${id} is online`,
    ]);
    expect(understand(`${base}/state/conn`, { gatewayId: id })).toEqual([`chirpstack/${id} is offline`]);
    expect(understand(`${base}/state/conn`, Buffer.concat([small(2, 1), field(3, id)]))).toEqual([
      `chirpstack/${id} is online`,
    ]);
    expect(understand(`${base}/state/conn`, field(3, id))).toEqual([`chirpstack/${id} is offline`]);
  });
});

test('uplinks, answers and commands are understood and set aside', () => {
  expect(understand(`${base}/event/up`, { phyPayload: 'AA==', rxInfo: { gatewayId: id } })).toEqual([
    'aside',
  ]);
  expect(understand(`${base}/event/up`, field(5, field(1, id)))).toEqual(['aside']);
  expect(understand(`${base}/event/ack`, field(6, id))).toEqual(['aside']);
  expect(understand(`${base}/command/down`, { gatewayId: id, items: [] })).toEqual(['aside']);
});

for (const [topic, payload] of [
  ['gateway/attic/event/stats', { gatewayId: 'attic', rxPacketsReceived: 1 }],
  [`${base}/event/stats`, { rxPacketsReceived: 1 }],
  [`${base}/event/stats`, { gatewayId: '0102030405060709', rxPacketsReceived: 1 }],
  [`${base}/event/stats`, '12'],
  [`${base}/event/temperature`, { gatewayId: id }],
  [`${base}/status`, { gatewayId: id }],
  [`a/b/${base}/event/stats`, { gatewayId: id }],
  [`${base}/event/up`, { gatewayId: id }],
] as const)
  test(`${topic} with ${JSON.stringify(payload)} is nobody’s`, () =>
    expect(understand(topic, payload)).toEqual(['unknown']));
