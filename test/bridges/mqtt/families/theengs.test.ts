import { describe, expect, test } from 'vitest';
import { toContext, understand } from './decode.ts';

const topic = 'home/gate/BTtoMQTT/0A1B2C3D4E5F';

describe('Theengs', () => {
  test('values have their units', () => {
    expect(
      understand(topic, {
        id: '0A:1B:2C:3D:4E:5F',
        model: 'TH',
        tempc: 21.5,
        hum: 40,
        batt: 90,
        volt: 2.9,
        rssi: -60,
      }),
    ).toEqual([
      'theengs/0A1B2C3D4E5F tempc = 21.5 Cel',
      'theengs/0A1B2C3D4E5F hum = 40 %',
      'theengs/0A1B2C3D4E5F batt = 90 %',
      'theengs/0A1B2C3D4E5F volt = 2.9 V',
      'theengs/0A1B2C3D4E5F rssi = -60 dB[mW]',
    ]);
  });
  test('a scale says what it weighs in', () => {
    expect(understand(topic, { weight: 9.5, unit: 'kg' })).toEqual(['theengs/0A1B2C3D4E5F weight = 9.5 kg']);
    expect(understand(topic, { weight: 9.5, unit: 'lb' })).toEqual([
      'theengs/0A1B2C3D4E5F weight = 9.5 [lb_av]',
    ]);
  });
  test('what a RuuviTag does not have is bad', () => {
    expect(understand(topic, { model_id: 'RuuviTag_RAWv2', tempc: 163.835, hum: 50 })).toEqual([
      'theengs/0A1B2C3D4E5F tempc = null Cel ~bad',
      'theengs/0A1B2C3D4E5F hum = 50 %',
    ]);
  });
  test('one topic for all devices names them in the payload', () => {
    expect(understand('home/gate/BTtoMQTT', { id: '0A:1B:2C:3D:4E:5F', tempc: 1 })).toEqual([
      'theengs/0A1B2C3D4E5F tempc = 1 Cel',
    ]);
  });
  test('extremes and the dew point are temperatures, an acceleration has its unit', () => {
    expect(understand(topic, { tempc2_dp: 3.5, tempf_max: 70, accx: 9.5 })).toEqual([
      'theengs/0A1B2C3D4E5F tempc2_dp = 3.5 Cel',
      'theengs/0A1B2C3D4E5F tempf_max = 70 [degF]',
      'theengs/0A1B2C3D4E5F accx = 9.5 m/s2',
    ]);
  });
  test('a decoder that names its model may name the device otherwise', () =>
    expect(understand('home/gate/BTtoMQTT/kitchen', { model_id: 'X', tempc: 1 })).toEqual([
      'theengs/kitchen tempc = 1 Cel',
    ]));
  test('another topic is nobody’s', () => {
    expect(understand('home/gate/SYStoMQTT', { tempc: 1 })).toEqual(['unknown']);
    expect(understand('home/gate/BTtoMQTT/kitchen', { tempc: 1 })).toEqual(['unknown']);
  });
});

test('OpenMQTTGateway tells of itself beside its devices', () =>
  expect(understand('home/OMG/SYStoMQTT', { uptime: 100, freemem: 90_000, rssi: -60, SSID: 'x' })).toEqual([
    'theengs/OMG uptime = 100 s',
    'theengs/OMG freemem = 90000 By',
    'theengs/OMG rssi = -60 dB[mW]',
  ]));

test('a button is an event, and so is what the gateway hears by radio and infrared', () => {
  expect(
    understand('home/OMG/BTtoMQTT/AABBCCDDEEFF', {
      id: 'AA:BB:CC:DD:EE:FF',
      model_id: 'SBBT',
      batt: 99,
      button: 'double press',
    }),
  ).toEqual([
    'theengs/AABBCCDDEEFF batt = 99 %',
    'theengs/AABBCCDDEEFF button = "double press"',
    'theengs/AABBCCDDEEFF ! button {"press":"double press"}',
  ]);
  expect(understand('home/OMG/433toMQTT', { value: 5393, protocol: 1, length: 24 })).toEqual([
    'theengs/OMG ! 433toMQTT {"value":5393,"protocol":1,"length":24}',
  ]);
});

test('the gateway says whether it is there', () =>
  expect(understand('home/OMG/LWT', 'offline')).toEqual(['theengs/OMG is offline']));

test('sensors wired to the gateway are its own, and its commands nobody else takes', () => {
  expect(understand('home/OMG/CLIMAtoMQTT/ds18b20/1', { tempc: 21, addr: '28' })).toEqual([
    'theengs/OMG CLIMA.ds18b20.1.tempc = 21 Cel',
  ]);
  expect(understand('home/OMG/HCSR501toMQTT', { presence: true })).toEqual([
    'theengs/OMG HCSR501.presence = true',
  ]);
  expect(understand('home/OMG/commands/MQTTtoBT/config', { interval: 55_000 })).toEqual(['aside']);
  expect(understand('yard/OMG/ADCtoMQTT', { adc: 512 })).toEqual(['unknown']);
});

test('a will below `home/` is believed of a gateway that has shown itself, or has its name', () => {
  const context = toContext();
  expect(understand('home/attic/LWT', 'online', { context })).toEqual(['unknown']);
  understand('home/attic/SYStoMQTT', { uptime: 1 }, { context });
  expect(understand('home/attic/LWT', 'online', { context })).toEqual(['theengs/attic is online']);
  expect(understand('home/TheengsGateway/LWT', 'offline')).toEqual(['theengs/TheengsGateway is offline']);
});
