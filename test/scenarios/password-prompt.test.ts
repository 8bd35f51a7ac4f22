/**
 * `npm start -- --mqtt mqtt://user@host` asks for the password: on a real terminal (a pty of `script`), in front of a real
 * Mosquitto that lets nobody in without one.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../bridges/mqtt/mosquitto.ts';
import { temporaryFolder } from '../hub/store/temporary-file.ts';
import { repositoryRoot, until } from '../support/hub-process.ts';
import { describeWith, findProgram } from '../support/servers.ts';

const password = 'correct horse';
const patienceMs = 20_000;

/** Somebody who sees what the terminal shows, and types. */
interface Person {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  shown(): string;
  sees(text: string): Promise<void>;
}

function start(command: string, args: readonly string[]): Person {
  const child = spawn(command, args, { cwd: repositoryRoot, stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let shown = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const sees = (text: string): Promise<void> =>
    until(
      () => shown.includes(text),
      patienceMs,
      () => `It was not shown: ${text}\n${shown}`,
    );
  return { child, ended, shown: () => shown, sees };
}

function hubArguments({ url }: Pick<RunningMosquitto, 'url'>): readonly string[] {
  const broker = url.replace('//', '//ann@').replace('127.0.0.1', 'localhost');
  return ['hub/main.ts', '--mqtt', broker, '--http-port', '0', '--data', temporaryFolder()];
}

describeWith('mosquitto', 'The password of a broker', (program) => {
  const script = findProgram('script');
  const passwords = findProgram('mosquitto_passwd');

  async function guarded(): Promise<RunningMosquitto> {
    const file = join(temporaryFolder(), 'passwords');
    execFileSync(passwords ?? 'mosquitto_passwd', ['-c', '-b', file, 'ann', password]);
    return startMosquitto(program, ['allow_anonymous false', `password_file ${file}`]);
  }

  const onTerminal = (mosquitto: RunningMosquitto): Person =>
    start(script ?? 'script', [
      '--quiet',
      '--return',
      '--command',
      // A shell that stays in between is ended by Ctrl-C itself, and its 130 hides how the hub ended.
      ['exec', process.execPath, ...hubArguments(mosquitto)].join(' '),
      '/dev/null',
    ]);

  test.skipIf(script === undefined)(
    'is asked for on a terminal, not shown, and right or wrong is told; Ctrl-C leaves',
    { timeout: 60_000 },
    async () => {
      await using mosquitto = await guarded();
      const [right, wrong, gone] = [onTerminal(mosquitto), onTerminal(mosquitto), onTerminal(mosquitto)];
      for (const person of [right, wrong, gone]) await person.sees('Password of ann at mqtt://localhost');
      right.child.stdin?.write(`${password}\r`);
      wrong.child.stdin?.write('guessed\r');
      gone.child.stdin?.write('gue\u0003');
      expect(await gone.ended).toBe(130);
      expect(gone.shown()).not.toMatch(/cannot start|gue/);
      await right.sees('Reading from an MQTT broker.');
      await wrong.sees('the broker refused the password of ann');
      right.child.stdin?.write('\u0003');
      wrong.child.stdin?.write('\u0003');
      expect([await right.ended, await wrong.ended]).toEqual([0, 0]);
      expect(right.shown()).not.toContain(password);
      expect(wrong.shown()).not.toContain('guessed');
    },
  );

  test('without a terminal and without a file the hub says what it needs, and does not start', async () => {
    const nobody = start(process.execPath, hubArguments({ url: 'mqtt://127.0.0.1:1883' }));
    expect(await nobody.ended).toBe(1);
    expect(nobody.shown()).toMatch(
      /cannot start: the password of ann at mqtt:\S+ is missing.*SIGNALBOX_BROKER_PASSWORD_FILE/s,
    );
  });
});
