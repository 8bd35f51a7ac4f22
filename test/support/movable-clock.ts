/** A wall clock that a test moves, for a real process. */
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const library = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find((path) => existsSync(path));
/** The wall clock of a process, by libfaketime, which can be moved while it runs; its monotonic clock goes on. */
export class MovableClock implements Disposable {
  /** Without libfaketime a test cannot run; where servers are required it must. */
  static readonly isThere = library !== undefined || process.env['REQUIRE_SERVERS'] === '1';
  readonly env: NodeJS.ProcessEnv;
  readonly #folder = mkdtempSync(join(tmpdir(), 'signalbox-clock-'));
  readonly #file = join(this.#folder, 'offset');

  constructor() {
    this.moveTo('+0');
    this.env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** @param offset from the machine's own time, as `-1d` */
  moveTo(offset: string): void {
    const next = join(this.#folder, 'next');
    writeFileSync(next, offset);
    renameSync(next, this.#file);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
