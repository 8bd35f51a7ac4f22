/** A hub whose disk is slow or fails: its system calls pass a shim that reads its orders from a file at every sync. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultsFolder } from './loop-disk.ts';

/** Errors as the kernel numbers them. */
export const errno = { EIO: 5, ENOSPC: 28 } as const;

export interface DiskOrders {
  /** Each fsync takes so much longer. */
  readonly syncDelayMs?: number;
  readonly syncErrno?: number;
  readonly writeErrno?: number;
}

export function faultyIoObstacle(): string | undefined {
  if (!existsSync(join(faultsFolder, 'faultio.c'))) return 'the fault injectors are not beside the project';
  return existsSync('/usr/bin/cc') ? undefined : 'no C compiler is installed';
}

export class FaultyIo implements Disposable {
  /** For the environment of the process whose disk it is. */
  readonly env: NodeJS.ProcessEnv;
  readonly #folder = mkdtempSync(join(tmpdir(), 'signalbox-faultio-'));
  readonly #control = join(this.#folder, 'control');

  constructor() {
    const library = join(this.#folder, 'faultio.so');
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, join(faultsFolder, 'faultio.c'), '-ldl']);
    this.order({});
    this.env = { LD_PRELOAD: library, FAULTIO_CTL: this.#control };
  }

  /** From the next sync on; `{}` is a disk that is well. Concerns the database and its log only. */
  order({ syncDelayMs = 0, syncErrno = 0, writeErrno = 0 }: DiskOrders): void {
    const lines = ['match signalbox.db'];
    if (syncDelayMs > 0) lines.push(`delay_us ${syncDelayMs * 1000}`);
    if (syncErrno > 0) lines.push(`sync_errno ${syncErrno}`);
    if (writeErrno > 0) lines.push(`write_errno ${writeErrno}`);
    writeFileSync(this.#control, `${lines.join('\n')}\n`);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
