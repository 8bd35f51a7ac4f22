/** A real hub with a day of simulated history, devices that speak now, and something on every screen. */
import { connectAsync } from 'mqtt';
import { backfill } from '../../simulators/demo/backfill.ts';
import { Child } from '../../simulators/demo/child.ts';
import { HubApi } from '../../simulators/demo/hub-api.ts';
import { demoGroups, demoSeed, demoSpecs } from '../../simulators/demo/preset.ts';
import { HubProcess, until } from '../support/hub-process.ts';

const fleetStopMs = 5000;

export class DemoHub implements AsyncDisposable {
  readonly hub: HubProcess;
  readonly #fleet: Child;

  private constructor(hub: HubProcess, fleet: Child) {
    this.hub = hub;
    this.#fleet = fleet;
  }

  static async start(): Promise<DemoHub> {
    const hub = await HubProcess.start(['--admin-ui', '--devices-approval']);
    // Registered by a person, the fleet needs no approval; what comes without waits for it.
    for (const { group, device } of demoSpecs()) await send(hub, `groups/${group}/devices`, { device });
    const token = await hub.createToken({ name: 'demo fleet', role: 'gateway', groups: [...demoGroups] });
    const api = new HubApi({ url: hub.url, token: hub.adminToken });
    const stop = new AbortController().signal;
    await backfill({ specs: demoSpecs(), seed: demoSeed, api, url: hub.url, token, now: Date.now(), stop });
    const env = { SIGNALBOX_URL: hub.url, SIGNALBOX_MQTT: hub.mqtt, SIGNALBOX_TOKEN: token };
    const fleet = new Child({ name: 'the fleet', args: ['simulators/demo-fleet.ts'], env, tether: true });
    const demo = new DemoHub(hub, fleet);
    await until(
      () => demo.#speaks(),
      30_000,
      () => 'The fleet does not speak.',
    );
    await fillScreens(hub);
    return demo;
  }

  async #speaks(): Promise<boolean> {
    const { items } = await this.hub.json<{ items: { controls: unknown[]; presence: string }[] }>(
      '/api/v1/devices',
    );
    return (
      items.every(({ presence }) => presence === 'online') &&
      items.some(({ controls }) => controls.length > 0)
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#fleet.stop(fleetStopMs);
    await this.hub[Symbol.asyncDispose]();
  }
}

async function send(hub: HubProcess, path: string, body: object, method = 'POST'): Promise<unknown> {
  return hub.json(`/api/v1/${path}`, { method, body: JSON.stringify(body) });
}

/** Commands, waiting and archived devices, a stale one, a topic that nothing maps, a payload that nothing can take. */
async function fillScreens(hub: HubProcess): Promise<void> {
  const telemetry = (device: string, body: object): Promise<unknown> =>
    send(hub, `groups/greenhouse/devices/${device}/telemetry`, body);
  for (const device of ['bed-4', 'leak-cellar']) await telemetry(device, { temperature: 19.5, humidity: 60 });
  await send(hub, 'groups/greenhouse/devices', { device: 'old-probe', title: 'Old probe, bed 2' });
  await send(hub, 'groups/greenhouse/devices/old-probe', { archived: true }, 'PATCH');
  await send(hub, 'groups/greenhouse/devices', { device: 'stranger' });
  await send(hub, 'groups/greenhouse/devices/stranger', { admission: 'denied' }, 'PATCH');
  const commands = 'groups/greenhouse/devices/bed-1/commands';
  await send(hub, commands, { name: 'valve', args: { value: true } });
  await send(hub, 'groups/greenhouse/devices/door-button/commands', { name: 'ring', args: { times: 2 } });
  const mqtt = await connectAsync(hub.mqtt, { username: 'demo', password: hub.adminToken });
  for (const [topic, payload] of strangeMessages) await mqtt.publishAsync(topic, payload, { qos: 1 });
  await mqtt.endAsync();
}

const strangeMessages = [
  ['farm/7/silo/level', '{"litres": 812, "pump": {"state": "idle"}}'],
  ['attic/weather', 'T=21.4;H=48'],
  ['signalbox/greenhouse/bed-1/telemetry', '{"soil_moisture": '],
  ['signalbox/greenhouse/bed-2/telemetry', '[1, 2, 3]'],
] as const;
