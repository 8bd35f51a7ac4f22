/**
 * `npm run build:client`: makes the publishable package of the client, in `dist/client` or the folder named: one ES
 * module and its declarations.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { build } from 'vite';

interface HubManifest {
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<'socket.io-client' | 'typebox', string>>;
}

const source = import.meta.dirname;
const root = join(source, '..', '..');
const hub = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as HubManifest;
const entry = 'dashboards/client/index.ts';
/** What it imports stays outside; the declarations name the schemas that validate requests. */
const dependencies = {
  'socket.io-client': `^${hub.dependencies['socket.io-client']}`,
  typebox: hub.dependencies.typebox,
};

const manifest = {
  name: '@signalbox/client',
  version: hub.version,
  description:
    'Follows a Signalbox hub: history and live as one series over every cut; commands, presence, events.',
  keywords: ['signalbox', 'iot', 'telemetry', 'time-series', 'socket.io'],
  license: hub.license,
  type: 'module',
  engines: { node: '>=20' },
  exports: {
    '.': { types: './types/dashboards/client/index.d.ts', default: './index.js' },
    './package.json': './package.json',
  },
  sideEffects: false,
  dependencies,
};

/** @param folder is emptied first */
async function buildPackage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await bundle(folder);
  declare(join(folder, 'types'));
  copyFileSync(join(source, 'README.md'), join(folder, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

async function bundle(folder: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: false,
      lib: { entry: join(root, entry), formats: ['es'], fileName: () => 'index.js' },
      target: 'es2023',
      minify: false,
      rolldownOptions: { external: Object.keys(dependencies) },
    },
  });
}

const compilerOptions = {
  rootDir: root,
  declaration: true,
  emitDeclarationOnly: true,
  target: 'esnext',
  lib: 'esnext,dom',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
};

/** Writes the declarations of all that the entry imports, each naming the others by a path. */
function declare(folder: string): void {
  const options = Object.entries({ ...compilerOptions, outDir: folder });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const flags = options.flatMap(([name, value]) => [`--${name}`, String(value)]);
  execFileSync(process.execPath, [tsc, '--ignoreConfig', ...flags, entry], { cwd: root, stdio: 'inherit' });
  for (const file of globSync('**/*.d.ts', { cwd: folder }).map((path) => path.replaceAll('\\', '/'))) {
    const path = join(folder, file);
    writeFileSync(path, withRelativeImports(readFileSync(path, 'utf8'), dirname(file)));
  }
}

function withRelativeImports(code: string, folder: string): string {
  return code
    .replaceAll(/(['"])#contract\/([^'"]*)\1/g, (_all, _quote, name: string) => {
      return `'${relative(folder, `hub/contract/${name}`)}'`;
    })
    .replaceAll(/(['"])(\.[^'"]*)\.ts\1/g, "'$2.js'");
}

function relative(from: string, to: string): string {
  const path = posix.relative(from, to);
  return path.startsWith('.') ? path : `./${path}`;
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? join(root, 'dist', 'client'));
  await buildPackage(folder);
  process.stdout.write(`Built ${folder}\n`);
}
