/** No container engine is needed to know that these files are well formed and agree with each other and the hub. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { validate as validateDockerfile } from 'dockerfile-utils';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import board from '../bridges/influxdb/grafana/board.json' with { type: 'json' };
import { readConfig } from '../hub/config.ts';
import { parseSimulateOptions } from '../simulators/options.ts';
import { readComposeFile, type ComposeService } from './support/composition.ts';
import { dockerfileDefaults } from './support/dockerfile.ts';
import { repositoryRoot } from './support/hub-process.ts';

const text = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

const compose = readComposeFile();
const services = Object.entries(compose.services);
const dockerfile = text('hub/Dockerfile');
const image = dockerfileDefaults('hub/Dockerfile');

function service(name: string): ComposeService {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`There is no service ${name}.`);
  return found;
}

/** Named volumes that a service mounts, and where. */
function mounts({ volumes = [] }: ComposeService): readonly (readonly [from: string, to: string])[] {
  return volumes.map((volume) => volume.split(':') as [string, string]);
}

describe('docker-compose.yml', () => {
  test('is valid by the Compose specification', () => {
    const [schemaFile] = globSync('node_modules/dclint/**/compose.schema.json', { cwd: repositoryRoot });
    if (schemaFile === undefined) throw new Error('the Compose schema is not where dclint keeps it');
    const validate = new Ajv({ strict: false, validateFormats: false, validateSchema: false }).compile(
      JSON.parse(text(schemaFile)),
    );
    validate(compose);
    expect(validate.errors).toBeNull();
    expect(validate({ services: { hub: { imagee: 'x' } } })).toBe(false);
  });

  test('the image starts the hub as `npm start` does', () => {
    expect(image.command.join(' ')).toBe(packageJson.scripts.start);
  });

  test('has what starts in a minute: hub, InfluxDB 2, Mosquitto and a fleet; Grafana only when asked for', () => {
    const started = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(started).toEqual(['hub', 'mosquitto', 'influxdb', 'fleet', 'secrets']);
    expect(service('grafana').profiles).toEqual(['grafana']);
    expect(service('influxdb').image).toMatch(/^influxdb:2\.\d+\.\d+$/);
  });

  for (const [name, { image: pinned, ...declared }] of services)
    test(`${name}: pinned, guarded, read-only, watched`, () => {
      expect(pinned).toMatch(/:\d+\.\d+\.\d+$/);
      expect(declared).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        restart: name === 'secrets' ? 'no' : 'unless-stopped',
      });
      if (declared.build === undefined) expect(declared.user).toMatch(/^[1-9]\d*:\d+$/);
      const check = declared.healthcheck ?? { test: image.healthcheck };
      expect(check.disable === true || (check.test?.length ?? 0) > 1).toBe(true);
      for (const port of declared.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    });

  test('names services, files and volumes that exist, and every volume is used', () => {
    const used = new Set<string>();
    for (const [name, declared] of services) {
      for (const [other, { condition }] of Object.entries(declared.depends_on ?? {})) {
        const { healthcheck, build } = service(other);
        if (condition === 'service_healthy')
          expect(healthcheck?.test ?? (build && image.healthcheck), `${name} → ${other}`).toBeDefined();
        else expect(service(other).restart).toBe('no');
      }
      if (declared.build !== undefined)
        expect(existsSync(join(repositoryRoot, declared.build.context, declared.build.dockerfile))).toBe(
          true,
        );
      for (const [from] of mounts(declared)) {
        if (from.startsWith('.')) expect(existsSync(join(repositoryRoot, from)), from).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(from);
        used.add(from);
      }
    }
    expect(Object.keys(compose.volumes).filter((volume) => !used.has(volume))).toEqual([]);
  });

  test('every secret that a service names lies in the volume that it mounts, and nowhere else', () => {
    const made = Object.fromEntries(
      mounts(service('secrets')).map(([volume, at]) => [volume, at.split('/').at(-1)]),
    );
    for (const [name, declared] of services) {
      if (name === 'secrets') continue;
      const volumes = mounts(declared).filter(([from]) => from.endsWith('-secrets'));
      const named = JSON.stringify([declared.environment, declared.command, declared.healthcheck]).includes(
        '/secrets/',
      );
      expect(
        volumes.map(([from, to]) => [made[from], to]),
        name,
      ).toEqual(named ? [[name, '/secrets']] : []);
    }
  });

  test('holds no password and no token', () => {
    const values = services.flatMap(([, { environment = {} }]) => Object.entries(environment));
    for (const [variable, value] of values)
      if (/PASSWORD|TOKEN|SECRET/.test(variable))
        expect([variable, value]).toEqual([
          expect.stringMatching(/FILE$/),
          expect.stringMatching(/^\/secrets\//),
        ]);
  });

  test('gives the hub an environment that it accepts, and publishes the port it then listens on', () => {
    const { environment = {}, ports } = service('hub');
    // The secrets are there in life only.
    const env = Object.fromEntries(
      Object.entries({ ...image.env, ...environment }).map(([name, value]) =>
        name.endsWith('_FILE') ? [name.replace(/_FILE$/, ''), 'secret'] : [name, value],
      ),
    );
    const invocation = readConfig({ argv: [], env });
    if (!('config' in invocation)) throw new Error('expected a configuration');
    const { http, mqtt, dataFolder } = invocation.config;
    expect(ports?.map((port) => Number(port.split(':').at(-1)))).toEqual([http.port]);
    expect([http.host, mqtt]).toEqual(['0.0.0.0', undefined]);
    expect(mounts(service('hub'))).toContainEqual(['hub-data', dataFolder]);
  });

  test('gives the fleet a command line that it accepts', () => {
    const [program, script, ...argv] = service('fleet').command ?? [];
    expect([program, script]).toEqual(['node', 'simulators/cli.ts']);
    const withToken = argv.map((word) => (word.startsWith('/secrets') ? '/dev/null' : word));
    expect(parseSimulateOptions(withToken, {})).toMatchObject({ link: 'mqtt', devices: 12 });
  });
});

describe('hub/Dockerfile', () => {
  test('is valid, and a wrong one would be found', () => {
    expect(validateDockerfile(dockerfile)).toEqual([]);
    expect(validateDockerfile('FROM node:26-slim\nCOPPY . .\n')).not.toEqual([]);
  });

  test('is built for no machine in particular', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(new Set(bases)).toEqual(new Set(['node:26-slim']));
    expect(dockerfile).not.toMatch(/--platform|amd64|arm64/);
  });

  test('copies only what exists, and runs as an ordinary user', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      (match) => match[1]?.split(' ') ?? [],
    );
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) expect(existsSync(join(repositoryRoot, path)), path).toBe(true);
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  test('owns the folders that new volumes are mounted on', () => {
    const owned = /mkdir -p (.+?) \\/.exec(dockerfile)?.[1]?.split(' ') ?? [];
    for (const [name, declared] of services)
      if (declared.build !== undefined)
        for (const [from, to] of mounts(declared))
          if (from !== `${name}-secrets`) expect(owned, `${name}: ${to}`).toContain(to);
  });

  test('starts the file that npm start starts', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    expect(scripts['start']).toBe(image.command.join(' '));
  });
});

describe('The profile grafana', () => {
  test('asks the database of the composition, with a token from a file', () => {
    const { datasources } = parse(text('bridges/influxdb/grafana/datasource.yml')) as {
      datasources: readonly {
        uid: string;
        url: string;
        jsonData: { dbName: string };
        secureJsonData: Record<string, string>;
      }[];
    };
    const { environment } = service('hub');
    expect(datasources.map(({ url, jsonData }) => [url, jsonData.dbName])).toEqual([
      [environment?.['SIGNALBOX_INFLUX_URL'], environment?.['SIGNALBOX_INFLUX_BUCKET']],
    ]);
    expect(datasources[0]?.secureJsonData).toEqual({
      httpHeaderValue1: 'Token $__file{/secrets/influx-token}',
    });
    const asked = [...board.panels, ...board.templating.list].map(({ datasource }) => datasource.uid);
    expect(new Set(asked)).toEqual(new Set([datasources[0]?.uid]));
  });
});
