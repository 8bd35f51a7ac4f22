/**
 * The layers of ARCHITECTURE.md, checked on every import of the tree. The tables are the rule: a new arrow between
 * parts, or a new package, is a new row here, seen in a review.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Part {
  /** Files whose path starts so belong to the part. */
  readonly at: string;
  /** Which parts it may import; `*` = all. */
  readonly parts: readonly string[];
  /** Which npm packages it may import. */
  readonly npm: readonly string[];
  /** May it use Node's own modules? */
  readonly node: boolean;
}

const core = { parts: ['contract', 'ports'], npm: ['typebox'], node: true };

/** First match wins, so single files stand before their folders. */
const parts: Readonly<Record<string, Part>> = {
  contract: {
    at: 'hub/contract/',
    parts: [],
    npm: ['typebox', 'protobufjs', 'cbor2', '@msgpack/msgpack'],
    node: false,
  },
  ports: { at: 'hub/ports', parts: ['contract'], npm: [], node: false },
  socketioPackage: { at: 'hub/socketio/build.ts', parts: [], npm: ['vite'], node: true },
  socketio: { at: 'hub/socketio/', parts: [], npm: ['ws'], node: true },
  stale: { at: 'hub/stale.ts', parts: [], npm: [], node: true },
  hubBuild: { at: 'hub/build.ts', parts: ['stale'], npm: ['vite'], node: true },
  store: { at: 'hub/store/', ...core },
  ingest: { at: 'hub/ingest/', ...core },
  live: { at: 'hub/live/', ...core },
  history: { at: 'hub/history/', ...core },
  commands: { at: 'hub/commands/', ...core },
  devices: { at: 'hub/devices/', ...core },
  access: { at: 'hub/access/', ...core },
  http: {
    at: 'hub/http/',
    parts: ['contract', 'ports'],
    npm: [
      'csv-parse',
      'fastify',
      '@fastify/cookie',
      '@fastify/rate-limit',
      '@fastify/static',
      '@fastify/swagger',
      '@fastify/type-provider-typebox',
      'helmet',
      'typebox',
    ],
    node: true,
  },
  namespaces: {
    at: 'hub/namespaces/',
    parts: ['contract', 'ports', 'socketio'],
    npm: ['typebox'],
    node: true,
  },
  mqtt: {
    at: 'bridges/mqtt/',
    parts: ['contract', 'ports'],
    npm: ['aedes', 'aedes-persistence', 'mqtt', 'mqtt-packet', 'ws'],
    node: true,
  },
  influxdb: {
    at: 'bridges/influxdb/',
    parts: ['contract', 'ports'],
    npm: ['@influxdata/influxdb-client'],
    node: true,
  },
  dashboards: {
    at: 'dashboards/',
    parts: ['contract', 'stale'],
    npm: ['preact', '@preact/signals', 'uplot', 'socket.io-client', 'vite'],
    node: false,
  },
  simulators: { at: 'simulators/', parts: ['contract'], npm: ['mqtt', 'socket.io-client', 'ws'], node: true },
  main: { at: 'hub/', parts: ['*'], npm: ['pino', 'prom-client', 'yaml'], node: true },
};

/** Build tools run in Node although the pages they build do not. */
const nodeTools = new Set([
  'dashboards/vite.config.ts',
  'dashboards/build.ts',
  'dashboards/admin-ui.ts',
  'dashboards/client/build.ts',
]);

interface Import {
  readonly from: string;
  readonly specifier: string;
}

function sourcesOf(pattern: string): string[] {
  return globSync(pattern, {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|dist)(\/|$)/.test(path),
  }).map((path) => path.replaceAll('\\', '/'));
}

const sources = [
  'hub/**/*.ts',
  'bridges/**/*.ts',
  'dashboards/**/*.ts',
  'dashboards/**/*.tsx',
  'simulators/**/*.ts',
]
  .flatMap(sourcesOf)
  .filter((path) => !path.endsWith('.d.ts'));

function importsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8');
  const pattern =
    /^\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...text.matchAll(pattern)].map((match) => ({ from, specifier: match[1] ?? match[2] ?? '' }));
}

const imports = sources.flatMap(importsOf);

function partOf(path: string): string {
  const found = Object.entries(parts).find(([, part]) => path.startsWith(part.at));
  return found?.[0] ?? `(no part: ${path})`;
}

/** Where an import of ours leads, as a path from the root; undefined for packages. */
function ownTarget({ from, specifier }: Import): string | undefined {
  if (specifier.startsWith('#contract/')) return `hub/contract/${specifier.slice('#contract/'.length)}`;
  if (specifier === '#ports') return 'hub/ports.ts';
  if (specifier === '#socketio') return 'hub/socketio/index.ts';
  if (specifier === '#stale') return 'hub/stale.ts';
  if (!specifier.startsWith('.')) return undefined;
  return relative(root, join(root, dirname(from), specifier)).replaceAll('\\', '/');
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(specifier);

describe('Layers: imports point down', () => {
  test('every source file belongs to a part', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.map(partOf).filter((part) => part.startsWith('(no part'))).toEqual([]);
  });

  test('a part imports only the parts below it', () => {
    const wrong = imports.flatMap((entry) => {
      const target = ownTarget(entry);
      if (target === undefined) return [];
      const [from, to] = [partOf(entry.from), partOf(target)];
      const allowed = parts[from]?.parts ?? [];
      return from === to || allowed.includes('*') || allowed.includes(to)
        ? []
        : [`${entry.from} → ${entry.specifier}`];
    });
    expect(wrong).toEqual([]);
  });

  test('nobody imports the process: main.ts, cli.ts and what they wire', () => {
    const wrong = imports.filter((entry) => {
      const target = ownTarget(entry);
      return target !== undefined && partOf(target) === 'main' && partOf(entry.from) !== 'main';
    });
    expect(wrong).toEqual([]);
  });

  test('across parts by #name, inside a part by a relative path with its ending', () => {
    const wrong = imports.filter((entry) => {
      const target = ownTarget(entry);
      if (target === undefined) return false;
      const same = partOf(entry.from) === partOf(target);
      // main.ts wires the parts, and ports.ts stands beside the contract: both reach them by path.
      if (partOf(entry.from) === 'main' || partOf(entry.from) === 'ports') return false;
      return same ? !/\.(ts|tsx|css|json)$/.test(entry.specifier) : entry.specifier.startsWith('.');
    });
    expect(wrong).toEqual([]);
  });

  test('every import of ours leads to a file that exists', () => {
    const missing = imports.filter((entry) => {
      const target = ownTarget(entry);
      return target !== undefined && !existsSync(join(root, target));
    });
    expect(missing).toEqual([]);
  });
});

describe('Packages: each part imports what its row allows', () => {
  const foreign = imports.filter((entry) => ownTarget(entry) === undefined);

  test('npm packages', () => {
    const wrong = foreign.filter(
      (entry) =>
        !isBuiltin(entry.specifier) &&
        !(parts[partOf(entry.from)]?.npm ?? []).includes(packageOf(entry.specifier)),
    );
    expect(wrong).toEqual([]);
  });

  test('node modules only where the part runs in Node', () => {
    const wrong = foreign.filter(
      (entry) =>
        isBuiltin(entry.specifier) && parts[partOf(entry.from)]?.node !== true && !nodeTools.has(entry.from),
    );
    expect(wrong).toEqual([]);
  });

  test('only the store opens SQLite', () => {
    const wrong = foreign.filter(
      (entry) => entry.specifier === 'node:sqlite' && partOf(entry.from) !== 'store',
    );
    expect(wrong).toEqual([]);
  });
});

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly resolved?: string;
}

describe('Dependencies: what a user installs', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const installed = Object.entries(lock.packages).map(([path, entry]) => ({
    name: path.split('node_modules/').at(-1) ?? '',
    ...entry,
  }));
  const shipped = installed.filter((entry) => entry.dev !== true);

  test('every ws that ships is at least 8.23.0: older ones can be flooded with pings', () => {
    const versions = shipped.filter((entry) => entry.name === 'ws').map((entry) => entry.version ?? '');
    expect(versions.length).toBeGreaterThan(0);
    for (const version of versions) {
      const [major = 0, minor = 0] = version.split('.').map(Number);
      expect(major * 1000 + minor, `ws ${version}`).toBeGreaterThanOrEqual(8023);
    }
  });

  test('the official server never ships', () => {
    expect(
      shipped.filter((entry) => ['socket.io', 'engine.io', 'socket.io-adapter'].includes(entry.name)),
    ).toEqual([]);
  });

  test('the lockfile names no address', () => {
    expect(
      installed.filter((entry) => entry.resolved !== undefined && !entry.resolved.startsWith('hub/')),
    ).toEqual([]);
  });
});

describe('Rooms: each thing has one, and none is too full', () => {
  test('a source file is at most 300 lines', () => {
    const long = sources
      .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
      .filter((file) => file.lines > 300);
    expect(long).toEqual([]);
  });

  test('every folder of the hub, the bridges, the dashboards and the simulators tells a newcomer its way', () => {
    const folders = ['hub', ...Object.values(parts).map((part) => part.at)].filter(
      (at) => !at.endsWith('.ts'),
    );
    const missing = folders
      .map((at) => join(at, 'README.md'))
      .filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });
});
