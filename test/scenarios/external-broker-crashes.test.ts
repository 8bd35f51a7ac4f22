/**
 * kill -9 of the hub and of Mosquitto, SIGSTOP, a half-open and a slow network under load. What the hub acknowledged to the broker is in its store; what a killed
 * Mosquitto forgets although it had acknowledged it is told apart: no hub can keep what it was never given.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../simulators/demo/free-port.ts';
import { HubProcess, temporaryFolder, until } from '../support/hub-process.ts';
import { MqttWitness } from '../support/mqtt-witness.ts';
import { describeWith } from '../support/servers.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { Ledger } from './support/ledger.ts';
import { mqttSender } from './support/senders.ts';

const group = 'plant';
const device = 'd';
const perLife = 150;

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describeWith('mosquitto', 'Crashes on either side of an external broker', (program) => {
  test('what the hub acknowledged is kept', { timeout: 180_000 }, async () => {
    const folder = temporaryFolder();
    const { port } = await freePort(0);
    const file = join(folder, 'mosquitto.conf');
    writeFileSync(
      file,
      `listener ${port} 127.0.0.1\nallow_anonymous true\nuser root\npersistence true\npersistence_location ${folder}/\nautosave_interval 1\nmax_queued_messages 0\n`,
    );
    const mosquitto = new ServiceProcess({ command: [program, '-c', file], env: {} });
    mosquitto.start();
    await until(() => isListening(port), 10_000);
    const startMs = Date.now() - 3_600_000;
    const hubAcknowledged = new Ledger(device, startMs);
    const url = `mqtt://127.0.0.1:${port}`;
    await using wire = await TcpProxy.start(url);
    await using witness = await MqttWitness.start(new URL(wire.url), ({ topic, payload }) => {
      if (!topic.startsWith(`signalbox/${group}/`)) return;
      hubAcknowledged.acknowledge((JSON.parse(payload) as { values: { n: number } }).values.n);
    });
    await using hub = await HubProcess.start(['--mqtt', witness.url]);
    const published = new Ledger(device, startMs);
    const sender = await mqttSender(published, { url, token: 'x', group, restMs: 5 });
    const life = async (): Promise<void> => {
      const goal = hubAcknowledged.acknowledged + perLife;
      await until(
        () => hubAcknowledged.acknowledged >= goal,
        40_000,
        () => `${hubAcknowledged.acknowledged} of ${goal}\n${hub.output}`,
      );
    };
    const killHub = async (): Promise<void> => {
      await hub.kill();
      await hub.start();
    };
    const killMosquitto = async (): Promise<void> => {
      await mosquitto.kill();
      mosquitto.start();
    };
    const halfOpen = async (): Promise<void> => {
      wire.freeze();
      const goal = published.acknowledged + perLife;
      await until(() => published.acknowledged >= goal, 40_000);
      wire.mend();
    };
    const stopMosquitto = async (): Promise<void> => {
      mosquitto.signal('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 1000));
      mosquitto.signal('SIGCONT');
      wire.latencyMs = 50;
    };
    try {
      await life();
      for (const fail of [killHub, killMosquitto, halfOpen, stopMosquitto, killMosquitto, killHub]) {
        await fail();
        await life();
      }
    } finally {
      await sender.stop();
    }
    // What still waits at the broker comes too.
    let mosquittoLost = Number.POSITIVE_INFINITY;
    for (let settled = false; !settled;) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { lost } = await published.compare(hub, group);
      settled = lost === mosquittoLost || lost === 0;
      mosquittoLost = lost;
    }
    const kept = await hubAcknowledged.lostOf(published, hub, group);
    const { sent, acknowledged, stored, invented, doubled } = await published.compare(hub, group);
    console.table([
      { who: 'acknowledged by the hub', acknowledged: hubAcknowledged.acknowledged, lost: kept },
      { who: 'acknowledged by Mosquitto, which was killed twice', acknowledged, lost: mosquittoLost },
    ]);
    expect(hubAcknowledged.acknowledged).toBeGreaterThan(7 * perLife);
    expect(kept).toBe(0);
    expect([invented, doubled]).toEqual([0, 0]);
    expect(stored).toBeLessThanOrEqual(sent);
    await mosquitto.kill();
    rmSync(folder, { recursive: true, force: true });
  });
});
