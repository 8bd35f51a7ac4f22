/**
 * The fleet of `npm run demo` and `npm run dev`, in a process of its own: half over MQTT, half over Socket.IO.
 * Reads SIGNALBOX_URL, SIGNALBOX_MQTT and SIGNALBOX_TOKEN; `--devices 20` adds devices beyond the demo's.
 */
import { parseArgs } from 'node:util';
import { machineClock } from './clock.ts';
import { demoGroups, demoRate, demoSeed, demoSpecs } from './demo/preset.ts';
import { signalboxDialect } from './dialects/signalbox.ts';
import { Fleet, mixedSpecs } from './fleet.ts';
import { mqttConnector } from './links/mqtt.ts';
import { socketIoConnector } from './links/socketio.ts';
import type { DeviceSpec } from './simulated-device.ts';
import { stopped, stopSignal } from './stop-signal.ts';
import { Tally } from './tally.ts';

function specsFor(devices: number): readonly DeviceSpec[] {
  const preset = demoSpecs();
  const more = Math.max(0, devices - preset.length);
  return [...preset, ...mixedSpecs(demoGroups[1], more)].slice(0, devices);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { devices: { type: 'string', default: '14' } } });
  const { SIGNALBOX_URL: url = '', SIGNALBOX_MQTT: mqtt = '', SIGNALBOX_TOKEN: token } = process.env;
  const stop = stopSignal(process);
  const tally = new Tally();
  const fleet = new Fleet({
    specs: specsFor(Number(values.devices)),
    connectorFor: (device, index) =>
      index % 2 === 0
        ? mqttConnector({ url: mqtt, token, dialect: signalboxDialect }, device)
        : socketIoConnector({ url, token }, device),
    clock: machineClock,
    tally,
    seed: demoSeed,
    rate: demoRate,
  });
  const startMs = performance.now();
  fleet.start();
  await stopped(stop);
  await fleet.stop();
  console.log(tally.summary(performance.now() - startMs));
}

await main();
