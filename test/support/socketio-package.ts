/** The publishable package of the Socket.IO server, built into a folder of its own and installed there. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './clone.ts';
import { repositoryRoot } from './hub-process.ts';

const modules = join(repositoryRoot, 'node_modules');

export function buildPackage(folder: string): void {
  execFileSync(process.execPath, [join(repositoryRoot, 'hub/socketio/build.ts'), folder], { stdio: 'pipe' });
}

/** @returns the tarball's path */
export async function packPackage(built: string, into: string): Promise<string> {
  const output = await runCommand(`npm pack --json "${built}" 2>/dev/null`, into, 60_000);
  const [{ filename }] = JSON.parse(output) as [{ filename: string }];
  return join(into, filename);
}

/** What `npm install --save-dev @types/node` brings, without asking the registry. */
export function linkNodeTypes(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(join(modules, '@types/node'), join(folder, 'node_modules/@types/node'));
}

export function linkWebSockets(folder: string): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(join(modules, 'ws'), join(folder, 'node_modules/ws'));
}

/** Compiles files as a strict program would; libraries are checked too. @returns the compiler's complaints */
export function compile(folder: string, files: readonly string[], outFolder: string): string {
  const tsc = join(modules, 'typescript/bin/tsc');
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
  try {
    return execFileSync(
      process.execPath,
      [tsc, '--ignoreConfig', ...options, '--noEmitOnError', '--outDir', outFolder, ...files],
      { cwd: folder, encoding: 'utf8' },
    );
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (!stdout) throw error;
    return stdout;
  }
}
