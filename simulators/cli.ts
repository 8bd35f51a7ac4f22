/** `npm run simulate`: a fleet of simulated devices, or a recording, against any hub or broker. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { connectAsync } from 'mqtt';
import { machineClock } from './clock.ts';
import { Fleet, mixedSpecs } from './fleet.ts';
import type { Connector } from './links/connector.ts';
import { httpConnector } from './links/http.ts';
import { mqttConnector } from './links/mqtt.ts';
import { socketIoConnector } from './links/socketio.ts';
import type { DeviceIdentity } from './messages.ts';
import { parseSimulateOptions, usage, UsageError } from './options.ts';
import type { SimulateOptions } from './options.ts';
import { replay } from './replay.ts';
import { stopped, stopSignal } from './stop-signal.ts';
import { Tally } from './tally.ts';

function connectorFor(options: SimulateOptions): (device: DeviceIdentity) => Connector {
  return (device) => {
    switch (options.link) {
      case 'mqtt':
        return mqttConnector(options, device);
      case 'socketio':
        return socketIoConnector(options, device);
      case 'http':
        return httpConnector(options, device);
    }
  };
}

async function runFleet(options: SimulateOptions, tally: Tally, stop: AbortSignal): Promise<void> {
  const told = new Set<string>();
  const fleet = new Fleet({
    specs: mixedSpecs(options.group, options.devices),
    connectorFor: connectorFor(options),
    clock: machineClock,
    tally,
    seed: options.seed,
    rate: options.rate,
    faults: options.faults,
    // A fleet fails in chorus: each reason is told once.
    onTrouble: (reason) => {
      if (!told.has(reason)) console.error(`A device will try again: ${reason}.`);
      told.add(reason);
    },
  });
  fleet.start();
  await stopped(stop);
  await fleet.stop();
}

async function runReplay(options: SimulateOptions, file: string, tally: Tally, signal: AbortSignal) {
  const { url, token, speed } = options;
  const login = token === undefined ? {} : { username: 'replay', password: token };
  const client = await connectAsync(url, { ...login, protocolVersion: 4, reconnectPeriod: 1000 }, false);
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  const publish = async ({
    topic,
    payload,
    qos,
    retain,
  }: Parameters<Parameters<typeof replay>[0]['publish']>[0]) => {
    await client.publishAsync(topic, payload, { qos, retain });
  };
  try {
    await replay({ lines, publish, clock: machineClock, tally, speed, signal });
  } finally {
    await client.endAsync(signal.aborted);
  }
}

async function main(): Promise<number> {
  const options = parseSimulateOptions(process.argv.slice(2), process.env);
  if (options === undefined) {
    console.log(usage);
    return 0;
  }
  const stop = stopSignal(process, options.durationMs);
  const tally = new Tally();
  const startMs = performance.now();
  if (options.replay === undefined) await runFleet(options, tally, stop);
  else await runReplay(options, options.replay, tally, stop);
  console.log(tally.summary(performance.now() - startMs));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
