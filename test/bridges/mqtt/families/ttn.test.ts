import { describe, expect, test } from 'vitest';
import { understand } from './decode.ts';

const ids = { end_device_ids: { device_id: 'cellar', dev_eui: '0011223344556677' } };
const at = '@2026-03-01T08:00:00.000Z';
const received = '2026-03-01T08:00:00.000123456Z';

describe('The Things Network v3', () => {
  test('an uplink has what the formatter decoded, and the radio of the best gateway', () => {
    const body = {
      f_port: 2,
      decoded_payload: { temperature_1: 7.5, probe: 327.67, bat: { BAT_V: 3.1 } },
      rx_metadata: [
        { rssi: -110, snr: -3 },
        { rssi: -70, snr: 9.5 },
      ],
      received_at: received,
    };
    expect(understand('v3/farm@acme/devices/cellar/up', { ...ids, uplink_message: body })).toEqual([
      `ttn/cellar temperature_1 = 7.5 Cel ${at}`,
      `ttn/cellar probe = null ~bad ${at}`,
      `ttn/cellar bat.BAT_V = 3.1 V ${at}`,
      `ttn/cellar f_port = 2 ${at}`,
      `ttn/cellar rssi = -70 dB[mW] ${at}`,
      `ttn/cellar snr = 9.5 dB ${at}`,
    ]);
  });
  test('a solved location is a reading', () => {
    const body = { received_at: received, location: { latitude: 50.5, longitude: 8, source: 'SOURCE_GPS' } };
    expect(
      understand('v3/farm/devices/cellar/location/solved', { ...ids, location_solved: body }).slice(0, 2),
    ).toEqual([
      `ttn/cellar location.latitude = 50.5 deg ${at}`,
      `ttn/cellar location.longitude = 8 deg ${at}`,
    ]);
  });
  test('a join and the fate of a downlink are events', () => {
    expect(
      understand('v3/farm/devices/cellar/join', { ...ids, received_at: received, join_accept: {} }),
    ).toEqual([`ttn/cellar ! join {} ${at}`]);
    expect(understand('v3/farm/devices/cellar/down/ack', { ...ids, downlink_ack: { f_port: 1 } })).toEqual([
      'ttn/cellar ! down-ack {"f_port":1}',
    ]);
  });
  test('a downlink to push is set aside', () =>
    expect(understand('v3/farm/devices/cellar/down/push', { downlinks: [] })).toEqual(['aside']));
  test('without the ids of the device it is nobody’s', () =>
    expect(understand('v3/farm/devices/cellar/up', { uplink_message: {} })).toEqual(['unknown']));
});

describe('values in the words of the network', () => {
  const bed = { end_device_ids: { device_id: 'bed' } };
  const normalized_payload = { air: { temperature: 21.4 }, time: '2026-06-01T11:59:00Z' };
  const own = { received_at: '2026-06-01T12:00:00Z', normalized_payload };
  const expected = ['ttn/bed air.temperature = 21.4 Cel @2026-06-01T11:59:00.000Z'];
  test('have a topic of their own', () => {
    expect(understand('v3/farm@ttn/devices/bed/up/normalized', { ...bed, uplink_normalized: own })).toEqual(
      expected,
    );
  });
  test('stand in for those of a codec', () => {
    const uplink_message = { ...own, normalized_payload: [normalized_payload] };
    expect(understand('v3/farm@ttn/devices/bed/up', { ...bed, uplink_message })).toEqual(expected);
    const decoded_payload = { t: 21.4 };
    expect(
      understand('v3/farm@ttn/devices/bed/up', {
        ...bed,
        uplink_message: { ...uplink_message, decoded_payload },
      }),
    ).toEqual(['ttn/bed t = 21.4 @2026-06-01T12:00:00.000Z']);
  });
});
