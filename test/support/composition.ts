/**
 * docker-compose.yml as processes of this machine: the services' commands, environment, mounted files and health
 * checks as they are written, in the order of `depends_on`. What a machine without containers must have otherwise is
 * put in its place by rules, and each use of a rule is a row of `substitutions`: what was run is what is written but
 * for these rows.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { freePort } from '../../simulators/demo/free-port.ts';
import { dockerfileDefaults } from './dockerfile.ts';
import { repositoryRoot, until } from './hub-process.ts';
import { ServiceProcess } from './service-process.ts';

type Condition = 'service_healthy' | 'service_completed_successfully';

/** A service as the Compose specification has it, as far as our file uses it. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly user?: string;
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: Condition }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export function readComposeFile(): ComposeFile {
  return parse(readFileSync(join(repositoryRoot, 'docker-compose.yml'), 'utf8'), {
    merge: true,
  }) as ComposeFile;
}

/** Stands in for a service whose program is not on this machine. */
export interface StandIn {
  readonly why: string;
  /** @param root where the service's files are @param port where it must listen */
  command(root: string, port: number): readonly string[];
  healthcheck(port: number): readonly string[];
}

export interface CompositionOptions {
  /** The ports that services listen on inside their containers. */
  readonly ports: Readonly<Record<string, number>>;
  readonly standIns: Readonly<Record<string, StandIn>>;
  /** Environment that a service gets in addition, and why. */
  readonly environment: (
    ports: Readonly<Record<string, number>>,
  ) => Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Substitution {
  readonly service: string;
  readonly written: string;
  readonly run: string;
}

const startDeadlineMs = 60_000;

export class Composition implements AsyncDisposable {
  readonly substitutions: Substitution[] = [];
  /** Where each service listens on this machine. */
  readonly ports: Readonly<Record<string, number>>;
  readonly #file = readComposeFile();
  readonly #folder = mkdtempSync(join(tmpdir(), 'signalbox-compose-'));
  readonly #options: CompositionOptions;
  readonly #processes = new Map<string, ServiceProcess>();

  private constructor(options: CompositionOptions, ports: Readonly<Record<string, number>>) {
    this.#options = options;
    this.ports = ports;
  }

  /** Starts every service without a profile; resolves when all are healthy. */
  static async up(options: CompositionOptions): Promise<Composition> {
    const ports: Record<string, number> = {};
    for (const service of Object.keys(options.ports)) ports[service] = (await freePort(0)).port;
    const composition = new Composition(options, ports);
    try {
      await composition.#startAll();
      return composition;
    } catch (error) {
      await composition[Symbol.asyncDispose]();
      throw error;
    }
  }

  service(name: string): ServiceProcess {
    const found = this.#processes.get(name);
    if (found === undefined) throw new Error(`There is no service ${name}.`);
    return found;
  }

  /** As `docker compose run --rm NAME …`. @returns what it printed @throws {Error} it ended with another code than 0 */
  async run(name: string, command: readonly string[]): Promise<string> {
    const service = this.#file.services[name];
    if (service === undefined) throw new Error(`There is no service ${name}.`);
    const once = this.#process(name, { ...service, command });
    once.start();
    if ((await once.ended) !== 0) throw new Error(`${command.join(' ')}: ${once.output}`);
    return once.output.trim();
  }

  /** A named volume's folder. */
  volume(name: string): string {
    const folder = join(this.#folder, 'volumes', name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const service of [...this.#processes.values()].toReversed()) await service.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #startAll(): Promise<void> {
    const services = Object.entries(this.#file.services).filter(([, { profiles }]) => profiles === undefined);
    const waiting = new Map(services);
    while (waiting.size > 0) {
      const next = [...waiting].filter(([, { depends_on = {} }]) =>
        Object.keys(depends_on).every((name) => this.#processes.has(name)),
      );
      if (next.length === 0) throw new Error(`These wait for each other: ${[...waiting.keys()].join(', ')}.`);
      for (const [name, service] of next) {
        for (const [other, { condition }] of Object.entries(service.depends_on ?? {}))
          await this.#awaitCondition(other, condition);
        this.#processes.set(name, this.#process(name, service));
        this.service(name).start();
        waiting.delete(name);
      }
    }
    for (const name of this.#processes.keys()) await this.#awaitCondition(name, 'service_healthy');
  }

  async #awaitCondition(name: string, condition: Condition): Promise<void> {
    const service = this.service(name);
    if (condition === 'service_completed_successfully') {
      const code = await service.ended;
      if (code !== 0) throw new Error(`${name} ended with code ${code}:\n${service.output}`);
      return;
    }
    await until(
      () => service.isHealthy(),
      startDeadlineMs,
      () => `${name} is not healthy:\n${service.output}`,
    );
  }

  #process(name: string, service: ComposeService): ServiceProcess {
    const root = this.#root(name, service);
    const rewrite = (text: string): string => this.#rewrite(name, service, root, text);
    const image = service.build === undefined ? undefined : dockerfileDefaults(service.build.dockerfile);
    const standIn = this.#options.standIns[name];
    const port = this.ports[name] ?? 0;
    const extra = this.#options.environment(this.ports)[name] ?? {};
    for (const [variable, value] of Object.entries(extra))
      this.#note(name, `(${variable} not set)`, `${variable}=${value}`);
    const written = service.command ?? image?.command ?? [];
    const check =
      service.healthcheck?.disable === true ? undefined : (service.healthcheck?.test ?? image?.healthcheck);
    if (standIn !== undefined) this.#note(name, `${service.image}, ${check?.join(' ')}`, standIn.why);
    return new ServiceProcess({
      command: standIn?.command(root, port) ?? written.map(rewrite),
      env: Object.fromEntries(
        Object.entries({ ...image?.env, ...service.environment, ...extra }).map(([key, value]) => [
          key,
          rewrite(value),
        ]),
      ),
      healthcheck: standIn?.healthcheck(port) ?? check?.map(rewrite),
    });
  }

  /** What the service sees under `/`: its volumes, and copies of the mounted files with the same rules applied. */
  #root(name: string, service: ComposeService): string {
    const root = join(this.#folder, 'roots', name);
    mkdirSync(root, { recursive: true });
    for (const volume of service.volumes ?? []) {
      const [from = '', to = ''] = volume.split(':');
      const target = join(root, to);
      mkdirSync(dirname(target), { recursive: true });
      if (from.startsWith('.'))
        this.#copy(join(repositoryRoot, from), target, (text) => this.#rewrite(name, service, root, text));
      else if (!existsSync(target)) symlinkSync(this.volume(from), target);
    }
    return root;
  }

  #copy(from: string, to: string, rewrite: (text: string) => string): void {
    cpSync(from, to, { recursive: true });
    const files = statSync(to).isDirectory() ? readdirSync(to).map((file) => join(to, file)) : [to];
    for (const file of files) writeFileSync(file, rewrite(readFileSync(file, 'utf8')));
  }

  /** The rules: paths below the service's root, addresses and ports of this machine, nobody else's user. */
  #rewrite(name: string, service: ComposeService, root: string, text: string): string {
    let result = text.replaceAll('$$', '$');
    const mounts = (service.volumes ?? []).map((volume) => volume.split(':')[1] ?? '');
    for (const top of new Set(mounts.map((mount) => `/${mount.split('/')[1]}`)))
      result = this.#replace(
        name,
        result,
        new RegExp(`(?<![\\w./-])${top}(?=/|$|[\\s"')])`, 'gm'),
        top,
        `${root}${top}`,
        `<root>${top}`,
      );
    for (const [other, inside] of Object.entries(this.#options.ports)) {
      const port = this.ports[other];
      const at = `127.0.0.1:${port}`;
      const where = `127.0.0.1:<${other}>`;
      result = this.#replace(
        name,
        result,
        new RegExp(`(?<=[/@])${other}:${inside}\\b`, 'g'),
        `${other}:${inside}`,
        at,
        where,
      );
      if (other !== name) continue;
      result = this.#replace(
        name,
        result,
        new RegExp(`\\b127\\.0\\.0\\.1:${inside}\\b`, 'g'),
        `127.0.0.1:${inside}`,
        at,
        where,
      );
      result = this.#replace(
        name,
        result,
        new RegExp(`-p ${inside}\\b`, 'g'),
        `-p ${inside}`,
        `-p ${port}`,
        `-p <${other}>`,
      );
      const listener = `listener ${port} 127.0.0.1\nuser root`;
      result = this.#replace(
        name,
        result,
        new RegExp(`^listener ${inside}$`, 'm'),
        `listener ${inside}`,
        listener,
        `listener <${other}> 127.0.0.1, user root`,
      );
    }
    return result;
  }

  #replace(
    service: string,
    text: string,
    pattern: RegExp,
    written: string,
    by: string,
    shown: string,
  ): string {
    const result = text.replace(pattern, () => by);
    if (result !== text) this.#note(service, written, shown);
    return result;
  }

  #note(service: string, written: string, run: string): void {
    if (!this.substitutions.some((row) => row.service === service && row.written === written))
      this.substitutions.push({ service, written, run });
  }
}
