/** A Mosquitto that lets nobody in without a certificate. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ExternalBroker } from '../../../bridges/mqtt/external-broker.ts';
import { systemClock } from '../../../hub/clock.ts';
import { temporaryFolder } from '../../hub/store/temporary-file.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { freePort } from '../../support/free-port.ts';
import { describeWith, findProgram } from '../../support/servers.ts';
import { RecordingCommands, RecordingDevices, RecordingIngest, until } from './fakes.ts';

describeWith('mosquitto', 'TLS with client certificates', (program) => {
  test('with its own certificate the hub is let in, without one it is not, and it trusts no other broker', async () => {
    const folder = temporaryFolder();
    const { files, ca, cert, key } = makeCertificate(findProgram('openssl') ?? 'openssl', folder);
    const port = await freePort();
    const config = join(folder, 'mosquitto.conf');
    const lines = [
      `listener ${port} 127.0.0.1`,
      'user root',
      'allow_anonymous true',
      `cafile ${files.ca}`,
      `certfile ${files.cert}`,
      `keyfile ${files.key}`,
      'require_certificate true',
    ];
    writeFileSync(config, `${lines.join('\n')}\n`);
    const child = spawn(program, ['-c', config], { stdio: 'ignore' });
    onTestFinished(() => void child.kill());
    const start = async (tls: object): Promise<ExternalBroker> => {
      const bridge = new ExternalBroker({
        name: 'secure',
        url: `mqtts://localhost:${port}`,
        tls,
        ingest: new RecordingIngest(),
        devices: new RecordingDevices(),
        commands: new RecordingCommands(),
        clock: systemClock,
        log: silentLog,
        counters: new CountersProbe(),
      });
      await bridge.start();
      onTestFinished(() => bridge.stop());
      return bridge;
    };
    const known = await start({ ca, cert, key });
    await until(() => known.status().state === 'up');
    const stranger = await start({ ca });
    await until(() => stranger.status().state === 'down');
    const { ca: otherCa } = makeCertificate(findProgram('openssl') ?? 'openssl', temporaryFolder());
    const wary = await start({ ca: otherCa, cert, key });
    await until(() => wary.status().state === 'down');
    expect(wary.status().detail).toMatch(/^no connection: .*(?:certificate|signature)/);
    expect(wary.status().messages?.received).toBe(0);
    expect(known.status().state).toBe('up');
  });
});
