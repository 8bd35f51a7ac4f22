import { describe, expect, test } from 'vitest';
import { map, understand } from './decode.ts';

const base = 'application/a1/device/00aa11bb22cc33dd';
const time = '2026-05-01T12:00:00.123456789+02:00';
const at = '@2026-05-01T10:00:00.123Z';

describe('ChirpStack v4', () => {
  test('an uplink has the decoded object and how well the best gateway heard it', () => {
    const payload = {
      time,
      fCnt: 5,
      object: { temp: 21.5, probe: 327.67 },
      rxInfo: [
        { rssi: -90, snr: 2 },
        { rssi: -60, snr: 9 },
      ],
    };
    expect(understand(`${base}/event/up`, payload)).toEqual([
      `chirpstack/00aa11bb22cc33dd temp = 21.5 ${at}`,
      `chirpstack/00aa11bb22cc33dd probe = null ~bad ${at}`,
      `chirpstack/00aa11bb22cc33dd fCnt = 5 ${at}`,
      `chirpstack/00aa11bb22cc33dd rssi = -60 dB[mW] ${at}`,
      `chirpstack/00aa11bb22cc33dd snr = 9 dB ${at}`,
    ]);
  });
  test('a status and a location are readings', () => {
    expect(understand(`${base}/event/status`, { time, margin: 7, batteryLevel: 80.5 })).toEqual([
      `chirpstack/00aa11bb22cc33dd margin = 7 dB ${at}`,
      `chirpstack/00aa11bb22cc33dd batteryLevel = 80.5 % ${at}`,
    ]);
    expect(understand(`${base}/event/location`, { time, location: { latitude: 1.5, altitude: 9 } })).toEqual([
      `chirpstack/00aa11bb22cc33dd location.latitude = 1.5 deg ${at}`,
      `chirpstack/00aa11bb22cc33dd location.altitude = 9 m ${at}`,
    ]);
  });
  test('a join is an event', () => {
    expect(understand(`${base}/event/join`, { time, devAddr: '01' })).toEqual([
      `chirpstack/00aa11bb22cc33dd ! join {"devAddr":"01"} ${at}`,
    ]);
  });
  test('the device is described', () => {
    const deviceInfo = {
      deviceName: 'Barn',
      deviceProfileName: 'TH1',
      applicationName: 'Farm',
      tags: { row: '4' },
    };
    expect(map(`${base}/event/join`, { deviceInfo })?.descriptions).toEqual([
      {
        group: 'chirpstack',
        device: '00aa11bb22cc33dd',
        description: { title: 'Barn', model: 'TH1', labels: { application: 'Farm', row: '4' } },
      },
    ]);
  });
  test('a downlink is set aside, and other topics are nobody’s', () => {
    expect(understand(`${base}/command/down`, { fPort: 1 })).toEqual(['aside']);
    expect(understand('application/a1/device/xyz/event/up', { time })).toEqual(['unknown']);
    expect(understand('application/a1/device/00aa11bb22cc33dd/rx', { time })).toEqual(['unknown']);
  });
});

describe('ChirpStack 3', () => {
  const uplink = {
    applicationName: 'farm',
    deviceName: 'bed-1',
    devEUI: 'AQEBAQEBAQE=',
    rxInfo: [{ rssi: -50, loRaSNR: 9.5 }],
    fCnt: 3,
    objectJSON: '{"temperature":21.5}',
  };
  const expected = [
    'chirpstack/0101010101010101 temperature = 21.5',
    'chirpstack/0101010101010101 fCnt = 3',
    'chirpstack/0101010101010101 rssi = -50 dB[mW]',
    'chirpstack/0101010101010101 snr = 9.5 dB',
  ];
  test('the codec’s values are a text', () =>
    expect(understand('application/1/device/0101010101010101/event/up', uplink)).toEqual(expected));
  test('its first topics had no `event`', () =>
    expect(understand('application/1/device/0101010101010101/rx', uplink)).toEqual(expected));
});

test('a battery level that is not known is none', () => {
  const topic = 'application/17c82e96-be03-4f38-aef3-f83d48582d97/device/0101010101010101/event/status';
  expect(understand(topic, { batteryLevel: 0, batteryLevelUnavailable: true })).toEqual([
    'chirpstack/0101010101010101 batteryLevel = null % ~bad',
    'chirpstack/0101010101010101 batteryLevelUnavailable = true',
  ]);
});
