/**
 * A copy of the working tree in an empty folder, as a newcomer's clone: what git tracks or would track, nothing built,
 * nothing installed; and the README's commands run in it.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot, temporaryFolder, until } from './hub-process.ts';

/** Makes the copy; the caller removes it. */
export function cloneWorkingTree(): string {
  const folder = temporaryFolder();
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const path of listed.split('\0').filter((name) => name !== '')) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    cpSync(join(repositoryRoot, path), join(folder, path), { force: true });
  }
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  return folder;
}

/** The commands of the first `sh` block under a heading of a Markdown file, without comments. */
export function commandsUnder(file: string, heading: string): string[] {
  const text = readFileSync(join(repositoryRoot, file), 'utf8');
  const section = text.split(new RegExp(`^#+ ${heading}$`, 'm'))[1] ?? '';
  const block = /```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
  return block
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** The environment of a person's shell: nothing of the test runner's, so that the project's own Node is found by npm. */
function personsEnvironment(): NodeJS.ProcessEnv {
  const kept = ['HOME', 'LANG', 'USER', 'TMPDIR', 'REQUIRE_SERVERS'];
  const path = (process.env['PATH'] ?? '')
    .split(':')
    .filter((entry) => !entry.includes('node_modules'))
    .join(':');
  const env: NodeJS.ProcessEnv = { PATH: path };
  for (const name of kept) if (process.env[name] !== undefined) env[name] = process.env[name];
  return env;
}

/** A shell command in a process group of its own, as started from a terminal. */
export class Command implements AsyncDisposable {
  output = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(command: string, folder: string) {
    this.#child = spawn('sh', ['-c', command], {
      cwd: folder,
      env: personsEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const collect = (chunk: Buffer): void => void (this.output += chunk.toString('utf8'));
    this.#child.stdout?.on('data', collect);
    this.#child.stderr?.on('data', collect);
    this.#ended = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)));
  }

  /** The first match in what it printed. */
  async prints(pattern: RegExp, deadlineMs: number): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    await until(
      () => {
        found = pattern.exec(this.output);
        if (found === null && this.#child.exitCode !== null)
          throw new Error(`It ended early:\n${this.output}`);
        return found !== null;
      },
      deadlineMs,
      () => `It never printed ${String(pattern)}:\n${this.output}`,
    );
    return found as unknown as RegExpExecArray;
  }

  /** Waits for the end by itself. @returns the exit code */
  async finished(deadlineMs: number): Promise<number | null> {
    const timer = setTimeout(() => this.#signal('SIGKILL'), deadlineMs);
    const code = await this.#ended;
    clearTimeout(timer);
    return code;
  }

  /** Ctrl-C: the terminal sends SIGINT to the whole group. */
  async interrupt(deadlineMs: number): Promise<number | null> {
    this.#signal('SIGINT');
    return this.finished(deadlineMs);
  }

  /** Ids of processes of the group that still run. */
  survivors(): number[] {
    const listed = execFileSync('ps', ['-eo', 'pid=,pgid=,stat='], { encoding: 'utf8' });
    return listed
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, group, state]) => Number(group) === this.#child.pid && !state?.startsWith('Z'))
      .map(([pid]) => Number(pid));
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal('SIGKILL');
    await this.#ended;
  }
}

/** Runs a command to its end. @throws if it fails */
export async function runCommand(command: string, folder: string, deadlineMs: number): Promise<string> {
  await using running = new Command(command, folder);
  const code = await running.finished(deadlineMs);
  if (code !== 0) throw new Error(`${command} ended with code ${code}:\n${running.output.slice(-5000)}`);
  return running.output;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
