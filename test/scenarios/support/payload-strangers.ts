/**
 * Over 200 messages of makers that no family knows: words that families use too, in places where they mean something else.
 * Every topic goes with every payload.
 */
const topics = [
  'acme/press/7/state',
  'acme/press/7/data',
  'acme/v2/telemetry/press7',
  'building/3/room/12/hvac',
  'building/3/room/12/temperature',
  'campus/library/co2/value',
  'farm/barn/scale-1/weight',
  'garage/door/position',
  'iot-2/type/pump/id/p1/evt/state/fmt/json',
  'lab/oven/1/measure',
  'machines/lathe/spindle/speed',
  'office/printer/toner',
  'plant/line1/cell2/plc/db1',
  'sensors/attic/thing',
  'ship/engine/port/rpm',
  'solar/inverter/1/dc',
  'test',
  'up/gw/1',
  'weather/station/42/report',
  'zone/a/meter/b',
  'tuya/lamp/status',
  'acme/press/7/availability',
] as const;
const payloads = [
  '21.5',
  'ON',
  'OK',
  'online',
  '{"temperature":21.5,"humidity":40}',
  '{"value":1,"unit":"W"}',
  '{"ts":1780315200000,"values":{"a":1}}',
  '{"id":7,"state":"running","data":[1,2,3]}',
  '{"device":"x","type":"report","rssi":-70}',
  '[{"k":"t","v":21.5}]',
  '{"d":{"speed":10,"power":20},"time":"2026-06-01T12:00:00Z"}',
] as const;

export const strangers: readonly (readonly [topic: string, payload: string])[] = topics.flatMap((topic) =>
  payloads.map((payload) => [topic, payload] as const),
);
