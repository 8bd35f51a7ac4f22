/**
 * `npm run build:socketio`: makes the publishable package of this folder, in `dist/socketio` or the folder named.
 * One implementation in CommonJS and a thin ES module before it: a program that uses both meets the same classes.
 * The declarations are made against ES2023, which is what Node 20 has: anything newer ends the build.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { build } from 'vite';

const source = import.meta.dirname;
const root = join(source, '..', '..');
const modules = join(root, 'node_modules');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: unknown;
}

/** @param folder is emptied first */
async function buildPackage(folder: string): Promise<void> {
  const manifest = readManifest();
  rmSync(folder, { recursive: true, force: true });
  const namesOf = await bundle(folder, manifest);
  declare(join(folder, 'types'));
  writeFileSync(join(folder, 'index.js'), moduleBefore(namesOf('index'), true));
  writeFileSync(
    join(folder, 'engine', 'index.js'),
    moduleBefore(engineNames(namesOf('engine/index')), false),
  );
  writeEntryTypes(folder);
  copyClient(join(folder, 'client'));
  copyFileSync(join(source, 'README.md'), join(folder, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published(manifest), undefined, 2)}\n`);
}

function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest;
}

function published(manifest: Manifest): object {
  return {
    ...manifest,
    main: './index.cjs',
    types: './index.d.ts',
    exports: {
      '.': conditions('./index'),
      './engine': conditions('./engine/index'),
      './package.json': './package.json',
    },
  };
}

function conditions(entry: string): object {
  return {
    import: { types: `${entry}.d.ts`, default: `${entry}.js` },
    require: { types: `${entry}.d.cts`, default: `${entry}.cjs` },
  };
}

// Old examples call the module itself: require('socket.io')(3000).
const callable = `
/** Makes a server: what the module itself is to programs that call it. */
module.exports = Object.assign((server, options) => new Server(server, options), exports);
module.exports.default = module.exports;`;

/** Writes `index.cjs` and `engine/index.cjs`; the engine stands in its own only. @returns what each exports */
async function bundle(folder: string, { name, version }: Manifest): Promise<(entry: string) => string[]> {
  const output = await build({
    root: source,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: false,
      ssr: true,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        cwd: source,
        input: { index: join(source, 'index.ts'), 'engine/index': join(source, 'engine', 'index.ts') },
        external: ['ws'],
        preserveEntrySignatures: 'allow-extension',
        output: {
          format: 'cjs',
          strict: true,
          entryFileNames: '[name].cjs',
          banner: `/* ${name} ${version}, MIT licence */`,
          footer: (chunk) => (chunk.name === 'index' ? callable : ''),
        },
      },
    },
  });
  const files = 'output' in output ? output.output : [];
  return (entry) => {
    const chunk = files.find((file) => file.type === 'chunk' && file.name === entry);
    if (chunk?.type !== 'chunk') throw new Error(`There is no bundle ${entry}.`);
    return chunk.exports;
  };
}

/** An ES module with the named exports of the CommonJS module beside it. */
function moduleBefore(names: readonly string[], hasDefault: boolean): string {
  return [
    "import all from './index.cjs';",
    '',
    `export const { ${names.join(', ')} } = all;`,
    ...(hasDefault ? ['export default all;'] : []),
    '',
  ].join('\n');
}

/** Without what the engine's bundle exports for the other only. */
function engineNames(exported: readonly string[]): string[] {
  const declared = new Set(exportedNames(readFileSync(join(source, 'engine', 'index.ts'), 'utf8')));
  return exported.filter((name) => declared.has(name));
}

/** What a module exports, values and types. */
function exportedNames(code: string): string[] {
  const lists = [...code.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
    list.split(','),
  );
  const functions = [...code.matchAll(/^export (?:declare )?function (\w+)/gm)].map(([, name = '']) => name);
  return [...lists.map((item) => item.split(' as ').at(-1)?.trim() ?? ''), ...functions].filter(Boolean);
}

const compilerOptions = {
  rootDir: source,
  declaration: true,
  emitDeclarationOnly: true,
  target: 'es2023',
  lib: 'es2023',
  module: 'nodenext',
  types: 'node',
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
};

/** Writes the declarations that programs can reach, as those of CommonJS modules. */
function declare(folder: string): void {
  const options = Object.entries({ ...compilerOptions, outDir: folder });
  const entries = ['index', 'engine/index'];
  execFileSync(
    process.execPath,
    [
      join(modules, 'typescript', 'bin', 'tsc'),
      '--ignoreConfig',
      ...options.flatMap(([name, value]) => [`--${name}`, String(value)]),
      ...entries.map((entry) => join(source, `${entry}.ts`)),
    ],
    { stdio: 'inherit' },
  );
  copyFileSync(join(source, 'ws-shape.d.ts'), join(folder, 'ws-shape.d.ts'));
  const reached = new Set(entries);
  for (const file of reached) {
    const code = asCommonJs(readFileSync(join(folder, `${file}.d.ts`), 'utf8'), file);
    writeFileSync(join(folder, `${file}.d.cts`), code);
    // A set visits what is added on the way.
    for (const [, path = ''] of code.matchAll(/'(\.[^']*)\.cjs'/g))
      reached.add(posix.join(dirname(file), path));
  }
  for (const file of globSync('**/*.d.ts', { cwd: folder })) rmSync(join(folder, file));
}

function asCommonJs(code: string, file: string): string {
  const shape = file.includes('/') ? '../ws-shape.cjs' : './ws-shape.cjs';
  return (
    code
      .replaceAll(/(['"])(\.[^'"]*)\.ts\1/g, "'$2.cjs'")
      .replaceAll("from 'ws'", `from '${shape}'`)
      // Only so can a namespace give them on; types they stay.
      .replaceAll(/^export type \{/gm, 'export {')
  );
}

function writeEntryTypes(folder: string): void {
  const all = exportedNames(readFileSync(join(folder, 'types', 'index.d.cts'), 'utf8'));
  const commonJs = `import all = require('./types/index.cjs');

/** Makes a server, as \`new Server(server, options)\` does. */
declare function io(
  server?: ConstructorParameters<typeof all.Server>[0],
  options?: Partial<all.ServerOptions>,
): all.Server;

declare namespace io {
  export { io as default };
${all.map((name) => `  export import ${name} = all.${name};`).join('\n')}
}

export = io;
`;
  writeFileSync(join(folder, 'index.d.cts'), commonJs);
  writeFileSync(
    join(folder, 'index.d.ts'),
    "export * from './types/index.cjs';\nexport { default } from './index.cjs';\n",
  );
  writeFileSync(join(folder, 'engine', 'index.d.cts'), "export * from '../types/engine/index.cjs';\n");
  writeFileSync(join(folder, 'engine', 'index.d.ts'), "export * from '../types/engine/index.cjs';\n");
}

/** The bundles for browsers, which a page gets from the server it belongs to. */
function copyClient(folder: string): void {
  const client = join(modules, 'socket.io-client');
  mkdirSync(folder);
  cpSync(join(client, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const file of ['package.json', 'LICENSE']) copyFileSync(join(client, file), join(folder, file));
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? join(root, 'dist', 'socketio'));
  await buildPackage(folder);
  process.stdout.write(`Built ${folder}\n`);
}
