/** One process of ours: started, watched, ended by its pid within a deadline. Its last words are kept, not its whole log. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root: children are named and run from there. */
export const rootFolder = fileURLToPath(new URL('../..', import.meta.url));

const keptLines = 30;

export interface ChildParts {
  /** For people: `the hub`. */
  readonly name: string;
  /** For this Node: a script and its arguments. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Show what it prints, line by line. */
  readonly onLine?: (line: string) => void;
  /** Open a channel that tells the child when its parent is gone. */
  readonly tether?: boolean;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export class Child {
  readonly name: string;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<ChildEnd>;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  #hasEnded = false;

  constructor({ name, args, env = {}, onLine, tether = false }: ChildParts) {
    this.name = name;
    this.#process = spawn(process.execPath, [...args], {
      cwd: rootFolder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', tether ? 'ipc' : 'ignore'],
      // A group of its own: Ctrl-C reaches us alone, and we end our children in order and only once.
      detached: process.platform !== 'win32',
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) this.#listen(stream, onLine);
    this.ended = new Promise((resolve) => {
      this.#process.once('error', () => resolve({ code: null, signal: 'could not be started' }));
      this.#process.once('close', (code, signal) => resolve({ code, signal }));
    });
    void this.ended.then(() => (this.#hasEnded = true));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What it printed last, oldest first. */
  get lastLines(): readonly string[] {
    return this.#lines;
  }

  /** Asks it to end; after the deadline it is not asked any more. */
  async stop(deadlineMs: number): Promise<void> {
    if (this.#hasEnded) return;
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), deadlineMs);
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    if (!this.#hasEnded) this.#process.kill('SIGKILL');
  }

  #listen(stream: NodeJS.ReadableStream | null, onLine: ((line: string) => void) | undefined): void {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      // A line without an end must not grow without one either.
      rest = (lines.pop() ?? '').slice(-10_000);
      for (const line of lines) {
        this.#lines.push(line);
        if (this.#lines.length > keptLines) this.#lines.shift();
        onLine?.(line);
      }
    });
  }
}

/** A step failed: one sentence for the person in front of it. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
  readonly code = 'demo';
  /** The hub's HTTP status, where it was the hub that said no. */
  readonly status: number | undefined;
  constructor(message: string, options?: ErrorOptions & { readonly status?: number }) {
    super(message, options);
    this.status = options?.status;
  }
}

/** How a child ended, for a sentence. */
export function describeEnd({ code, signal }: ChildEnd): string {
  return signal === null ? `exit code ${code}` : signal;
}
