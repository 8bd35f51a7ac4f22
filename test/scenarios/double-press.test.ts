/**
 * A button that is pressed twice within 100 ms, with the same word both times and perhaps a clock of whole seconds, is
 * two events: of every family that has buttons, through the broker, the families and the store.
 */
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { HubProcess } from '../support/hub-process.ts';

interface Press {
  readonly family: string;
  readonly device: string;
  readonly topic: string;
  readonly payload: unknown;
  readonly event: string;
  /** What tells the family first that the topic is a button. */
  readonly discovery?: readonly [topic: string, payload: unknown];
}

const second = Math.floor(Date.now() / 1000) - 3600;
const wall = { identifiers: ['wall'], name: 'Wall' };
const presses: readonly Press[] = [
  of('zigbee2mqtt', 'remote', 'action', 'zigbee2mqtt/remote', { action: 'single', battery: 90 }),
  of('zigbee2mqtt', 'knob', 'action', 'zigbee2mqtt/knob/action', 'toggle'),
  of('rtl_433', 'Remote-7', 'received', 'rtl_433/pi/events', {
    time: new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' '),
    model: 'Remote',
    id: 7,
    button: 1,
  }),
  of('shelly', 'shellyplusi4-1', 'single_push', 'shellyplusi4-1/events/rpc', {
    src: 'shellyplusi4-1',
    dst: 'shellyplusi4-1/events',
    method: 'NotifyEvent',
    params: { ts: second, events: [{ component: 'input:0', id: 0, event: 'single_push', ts: second }] },
  }),
  of('shelly', 'shellybutton1-1', 'input_event', 'shellies/shellybutton1-1/input_event/0', {
    event: 'S',
    event_cnt: 3,
  }),
  of('shelly', '3c:2e:f5:00:00:01', 'button', 'blu/gate', {
    BTHome_version: 2,
    address: '3c:2e:f5:00:00:01',
    button: 1,
  }),
  of('tasmota', 'wallplate', 'BUTTON1', 'stat/wallplate/BUTTON1', { ACTION: 'SINGLE' }),
  of('tasmota', 'infrared', 'IrReceived', 'tele/infrared/RESULT', {
    IrReceived: { Protocol: 'NEC', Bits: 32, Data: '0x1' },
  }),
  of('esphome', 'hall', 'bell', 'hall/event/bell/state', { event_type: 'press' }),
  of('homeassistant', 'wall', 'ring', 'wall/bell', { event_type: 'ring' }, [
    'homeassistant/event/wall/bell/config',
    { state_topic: 'wall/bell', event_types: ['ring'], device: wall },
  ]),
  of('homeassistant', 'wall', 'press.left', 'wall/left', 'short', [
    'homeassistant/device_automation/wall/left/config',
    {
      automation_type: 'trigger',
      type: 'press',
      subtype: 'left',
      topic: 'wall/left',
      payload: 'short',
      device: wall,
    },
  ]),
  of('theengs', 'AABBCCDDEEFF', 'button', 'home/gate/BTtoMQTT/AABBCCDDEEFF', {
    id: 'AA:BB:CC:DD:EE:FF',
    model_id: 'SBBT-002C',
    button: 'single press',
  }),
  of('theengs', 'gate', '433toMQTT', 'home/gate/433toMQTT', { value: 5393, protocol: 1 }),
  of('wled', 'strip', 'button', 'wled/strip/button/0', 'short'),
  of('zwave', 'nodeID_4', 'scene.001', 'zwave/nodeID_4/central_scene/endpoint_0/scene/001', {
    time: second * 1000,
    value: 0,
  }),
  of('homie', 'lamp', 'light.press', 'homie/5/lamp/light/press', 'single', [
    'homie/5/lamp/$description',
    {
      homie: '5.0',
      version: 1,
      nodes: { light: { properties: { press: { datatype: 'enum', format: 'single', retained: false } } } },
    },
  ]),
];

function of(
  family: string,
  device: string,
  event: string,
  topic: string,
  payload: unknown,
  discovery?: Press['discovery'],
): Press {
  return { family, device, event, topic, payload, ...(discovery === undefined ? {} : { discovery }) };
}

function toText(payload: unknown): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

async function countOf(hub: HubProcess, { family, device, event }: Press): Promise<number> {
  const path = `/api/v1/groups/${family}/devices/${encodeURIComponent(device)}/events`;
  const { items } = await hub.json<{ items: readonly { name: string }[] }>(path);
  return items.filter(({ name }) => name === event).length;
}

test('two presses at once are two events of every family that has buttons', async () => {
  await using hub = await HubProcess.start();
  const client = await mqtt.connectAsync(hub.mqtt, { username: 'bridge', password: hub.adminToken });
  try {
    for (const { discovery } of presses)
      if (discovery !== undefined) await client.publishAsync(discovery[0], toText(discovery[1]), { qos: 1 });
    await Promise.all(
      presses.flatMap(({ topic, payload }) =>
        [1, 2].map(() => client.publishAsync(topic, toText(payload), { qos: 1 })),
      ),
    );
    const kept = await Promise.all(
      presses.map(async (press) => `${press.family} ${press.topic}: ${await countOf(hub, press)}`),
    );
    expect(kept).toEqual(presses.map(({ family, topic }) => `${family} ${topic}: 2`));
  } finally {
    client.end(true);
  }
});
