import { describe, expect, test } from 'vitest';
import { map, toContext, understand } from './decode.ts';

const time = 1780000000000;
const at = '@2026-05-28T20:26:40.000Z';

describe('Z-Wave JS UI, values', () => {
  test('a named topic has location and node before the command class', () =>
    expect(
      understand('zwave/hall/lamp/switch_binary/endpoint_0/currentValue', { time, value: true }),
    ).toEqual([`zwave/hall_lamp-220b switch_binary.endpoint_0.currentValue = true ${at}`]));
  test('a numbered topic has the numbers', () =>
    expect(understand('zwave/nodeID_7/49/0/Air_temperature', { time, value: 20.5 })).toEqual([
      `zwave/nodeID_7 49.0.Air_temperature = 20.5 ${at}`,
    ]));
  test('numbers may follow the name of a node', () =>
    expect(understand('zwave/hall/plug/50/0/value/66049', { time, value: 143.2 })).toEqual([
      expect.stringMatching(/^zwave\/hall_plug-\w+ 50\.0\.value\.66049 = 143\.2 /),
    ]));
  test('all about a value has its unit', () =>
    expect(
      understand('zwave/lamp/sensor_multilevel/endpoint_0/Air_temperature', {
        nodeId: 7,
        unit: '°C',
        value: 20.5,
        lastUpdate: time,
      }),
    ).toEqual([`zwave/lamp sensor_multilevel.endpoint_0.Air_temperature = 20.5 Cel ${at}`]));
  for (const [key, unit] of [
    [65537, 'kW.h'],
    [66049, 'W'],
    [66561, 'V'],
    [66817, 'A'],
  ] as const)
    test(`a meter's key ${key} is ${unit}`, () =>
      expect(understand(`zwave/plug/meter/endpoint_0/value/${key}`, { time, value: 3 })).toEqual([
        `zwave/plug meter.endpoint_0.value.${key} = 3 ${unit} ${at}`,
      ]));
  test('just the value is a value', () => {
    expect(understand('zwave/plug/battery/endpoint_0/level', '90')).toEqual([
      'zwave/plug battery.endpoint_0.level = 90 %',
    ]);
    expect(understand('zwave/plug/switch_binary/endpoint_0/currentValue', 'false')).toEqual([
      'zwave/plug switch_binary.endpoint_0.currentValue = false',
    ]);
  });
  test('no value is bad', () =>
    expect(understand('zwave/plug/meter/endpoint_0/value/66049', { time, value: null })).toEqual([
      `zwave/plug meter.endpoint_0.value.66049 = null ~bad ${at}`,
    ]));
  test('a scene is an event, and its end is none', () => {
    const topic = 'zwave/remote/central_scene/endpoint_0/scene/001';
    expect(understand(topic, { time, value: 3 })).toEqual([`zwave/remote ! scene.001 3 ${at}`]);
    expect(understand(topic, { time, value: null })).toEqual(['aside']);
  });
});

describe('Z-Wave JS UI, other topics', () => {
  test('a node is offline when it is dead, not when it sleeps', () => {
    expect(understand('zwave/plug/status', { time, value: true, status: 'Asleep' })).toEqual([
      'zwave/plug is online',
    ]);
    expect(understand('zwave/plug/status', { time, value: false, status: 'Dead' })).toEqual([
      'zwave/plug is offline',
    ]);
  });
  test('nodeinfo describes', () =>
    expect(
      map('zwave/plug/nodeinfo', { manufacturer: 'Acme', productLabel: 'P1', name: 'plug' })?.descriptions,
    ).toEqual([
      {
        group: 'zwave',
        device: 'plug',
        description: { title: 'plug', model: 'P1', labels: { manufacturer: 'Acme' } },
      },
    ]));
  test('the gateway tells presence and events', () => {
    expect(understand('zwave/_CLIENTS/ZWAVE_GATEWAY-one/status', { value: false, time })).toEqual([
      'zwave/ZWAVE_GATEWAY-one is offline',
    ]);
    expect(understand('zwave/_EVENTS/ZWAVE_GATEWAY-one/node/node_ready', { data: [] })).toEqual([
      'zwave/ZWAVE_GATEWAY-one ! node.node_ready {"data":[]}',
    ]);
  });
  test('commands are set aside', () =>
    expect(understand('zwave/plug/switch_binary/endpoint_0/targetValue/set', 'true')).toEqual(['aside']));
  test('another topic is nobody’s', () => {
    expect(understand('zwave/plug/power', '3')).toEqual(['unknown']);
    expect(understand('zwave/nodeID_7/power', '3')).toEqual(['unknown']);
  });
});

test('the gateway proves another prefix', () => {
  const context = toContext();
  expect(understand('zwavejs2mqtt/plug/37/0/currentValue', 'true', { context })).toEqual(['unknown']);
  understand('zwavejs2mqtt/_CLIENTS/ZWAVE_GATEWAY-home/status', { value: true }, { context });
  expect(understand('zwavejs2mqtt/plug/37/0/currentValue', 'true', { context })).toEqual([
    'zwavejs2mqtt/plug 37.0.currentValue = true',
  ]);
});
