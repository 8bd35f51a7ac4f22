/** No container engine is needed to know that the two files are well formed and agree with each other and the hub. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../hub/config.ts';

const root = join(import.meta.dirname, '..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly build: { readonly context: string; readonly dockerfile: string };
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
}
const compose = parse(text('docker-compose.yml')) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const dockerfile = text('hub/Dockerfile');

describe('docker-compose.yml', () => {
  test('is valid by the Compose specification', () => {
    const [schemaFile] = globSync('node_modules/dclint/**/compose.schema.json', { cwd: root });
    if (schemaFile === undefined) throw new Error('the Compose schema is not where dclint keeps it');
    const validate = new Ajv({ strict: false, validateFormats: false, validateSchema: false }).compile(
      JSON.parse(text(schemaFile)),
    );
    validate(compose);
    expect(validate.errors).toBeNull();
    expect(validate({ services: { hub: { imagee: 'x' } } })).toBe(false);
  });

  test('names files and volumes that exist', () => {
    for (const service of Object.values(compose.services)) {
      expect(existsSync(join(root, service.build.context, service.build.dockerfile))).toBe(true);
      for (const volume of service.volumes)
        expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  test('gives the hub an environment that it accepts, and publishes the ports it then listens on', () => {
    const service = compose.services['hub'];
    const imageEnv = Object.fromEntries(
      [...dockerfile.matchAll(/(SIGNALBOX_\w+)=(\S+)/g)].map((match) => [match[1], match[2]]),
    );
    const invocation = readConfig({ argv: [], env: { ...imageEnv, ...service?.environment } });
    if (!('config' in invocation)) throw new Error('expected a configuration');
    const { http, mqtt, dataFolder } = invocation.config;
    expect(service?.ports.map((port) => Number(port.split(':').at(-1)))).toEqual([http.port, mqtt?.port]);
    expect([http.host, mqtt?.host]).toEqual(['0.0.0.0', '0.0.0.0']);
    expect(service?.volumes.map((volume) => volume.split(':')[1])).toEqual([dataFolder]);
  });

  test('publishes on loopback only', () => {
    for (const service of Object.values(compose.services))
      for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});

describe('hub/Dockerfile', () => {
  test('copies only what exists, and runs as an ordinary user', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      (match) => match[1]?.split(' ') ?? [],
    );
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true);
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  test('starts the file that npm start starts', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    const command = JSON.parse(/^CMD (.+)$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
    expect(scripts['start']).toBe(command.join(' '));
  });
});
