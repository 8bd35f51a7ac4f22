/**
 * The process: reads the configuration, starts the hub, listens to signals. Ends with one clear sentence and exit
 * code 1 when it cannot start; SIGTERM and Ctrl-C stop it cleanly, a second one at once.
 */
import { randomBytes } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { networkInterfaces } from 'node:os';
import { askPassword, GivenUpError } from './ask-password.ts';
import { systemClock } from './clock.ts';
import { isLoopback, readConfig, type HubConfig } from './config.ts';
import { startHub, type RunningHub } from './lifecycle.ts';
import { createLog } from './log.ts';
import { makeLoginLink } from './login-link.ts';
import { ConfigError } from './settings.ts';
import { startProblem } from './start-problem.ts';
import { returnStartMemory } from './store/start-memory.ts';
import packageJson from '../package.json' with { type: 'json' };

const stopDeadlineMs = 15_000;
const loginCommand = 'npm run login-link';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs until a signal ends it. @throws what stopped the start */
async function run(): Promise<void> {
  const invocation = readConfig({ argv: process.argv.slice(2), env: process.env });
  if ('print' in invocation) {
    say(invocation.print);
    return;
  }
  const config = await withPasswords(invocation.config);
  const log = createLog(config.logLevel);
  // From here on an error that nobody caught is a defect: say so and let the supervisor start a fresh process.
  process.on('uncaughtException', (error) => {
    log.error('Stopped by a defect of the hub.', { error });
    process.exit(70);
  });
  const starting = startHub(config, {
    clock: systemClock,
    log,
    version: packageJson.version,
    random: (bytes) => randomBytes(bytes),
  });
  stopOnSignals(starting);
  await greet(await starting, config);
  flushCompileCache();
  returnStartMemory();
}

/**
 * A person who starts the hub by hand need not leave a password in a file or in the shell's history.
 * @throws {ConfigError} nobody can be asked
 */
async function withPasswords(config: HubConfig): Promise<HubConfig> {
  const terminal = { input: process.stdin, say: (text: string) => void process.stdout.write(text) };
  const brokers: HubConfig['brokers'][number][] = [];
  for (const broker of config.brokers) {
    const { username, password, url } = broker;
    if (username === undefined || password !== undefined) {
      brokers.push(broker);
      continue;
    }
    const asked = await askPassword(`Password of ${username} at ${url}: `, terminal);
    if (asked === undefined)
      throw new ConfigError(
        `the password of ${username} at ${url} is missing, and there is no terminal to ask for it. Name a file that holds it ` +
          '(it may be empty): SIGNALBOX_BROKER_PASSWORD_FILE, or password-file in --brokers.',
      );
    brokers.push({ ...broker, password: asked });
  }
  return { ...config, brokers };
}

/** From the start on: a hub asked to stop while it starts stops as soon as it stands. */
function stopOnSignals(starting: Promise<RunningHub>): void {
  let asked = false;
  const stop = (): void => {
    if (asked) process.exit(1);
    asked = true;
    // The deadline also covers a store that never comes back: nothing acknowledged is lost by leaving.
    setTimeout(() => process.exit(1), stopDeadlineMs).unref();
    const stopping = starting.then((hub) => hub.stop());
    stopping.then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Signalbox did not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function greet(hub: RunningHub, config: HubConfig): Promise<void> {
  const { host, publicUrl } = config.http;
  say(`Signalbox ${packageJson.version} is ready.`);
  const urls = publicUrl === undefined ? addresses(host).map((to) => withHost(hub.url, to)) : [publicUrl];
  for (const url of urls) say(`  dashboard  ${url}`);
  if (hub.mqtt !== undefined && config.mqtt !== undefined)
    for (const address of addresses(config.mqtt.host)) say(`  MQTT       ${withHost(hub.mqtt, address)}`);
  say(`  log in     ${config.loginLink ? await loginLink(config) : loginCommand}`);
}

/** A link that could not be made is no reason not to run. */
async function loginLink(config: HubConfig): Promise<string> {
  try {
    return await makeLoginLink(config);
  } catch (error) {
    return `${loginCommand}  (${(error as Error).message})`;
  }
}

/** What a person can type into a device: the machine's own addresses when bound to all of them. */
function addresses(host: string): readonly string[] {
  if (isLoopback(host) || (host !== '0.0.0.0' && host !== '::')) return [host];
  const outward = Object.values(networkInterfaces())
    .flat()
    .filter((entry) => entry !== undefined && entry.family === 'IPv4' && !entry.internal)
    .map((entry) => entry?.address ?? '');
  return ['127.0.0.1', ...outward];
}

function withHost(url: string, host: string): string {
  const changed = new URL(url);
  changed.hostname = host;
  return changed.href.replace(/\/$/, '');
}

export async function runProcess(): Promise<void> {
  try {
    await run();
  } catch (error) {
    // As the shell has it for a program that Ctrl-C ended.
    if (error instanceof GivenUpError) process.exit(130);
    process.stderr.write(`Signalbox cannot start: ${startProblem(error)}\n`);
    process.exit(1);
  }
}
