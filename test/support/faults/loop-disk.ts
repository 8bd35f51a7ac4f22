/** A disk of its own for a data folder: an image behind a loop device, whose power can be cut. Needs root. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../hub-process.ts';

export const faultsFolder = join(repositoryRoot, '..', 'shared', 'scripts', 'faults');
const maker = { ext4: ['mkfs.ext4', '-q', '-F'], xfs: ['mkfs.xfs', '-q', '-f'] } as const;
export type FileSystem = keyof typeof maker;

/** Why no such disk can be had here; undefined: it can. */
export function loopDiskObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can mount';
  if (!existsSync(join(faultsFolder, 'power-cut.py')))
    return 'the fault injectors are not beside the project';
  return (
    ['ext4', 'xfs'].map((name) => `/sbin/mkfs.${name}`).find((path) => !existsSync(path)) &&
    'mkfs is not installed'
  );
}

export class LoopDisk implements Disposable {
  readonly folder: string;
  readonly #image: string;
  readonly #parent = mkdtempSync(join(tmpdir(), 'signalbox-disk-'));
  #isMounted = false;

  constructor(kind: FileSystem, bytes = 400 * 1024 * 1024) {
    this.#image = join(this.#parent, 'image');
    this.folder = join(this.#parent, 'mount');
    mkdirSync(this.folder);
    writeFileSync(this.#image, '');
    truncateSync(this.#image, bytes);
    const [program, ...flags] = maker[kind];
    execFileSync(program, [...flags, this.#image], { stdio: 'pipe' });
    this.mount();
  }

  mount(): void {
    execFileSync('mount', ['-o', 'loop', this.#image, this.folder], { stdio: 'pipe' });
    this.#isMounted = true;
  }

  unmount(): void {
    if (!this.#isMounted) return;
    execFileSync('umount', [this.folder], { stdio: 'pipe' });
    this.#isMounted = false;
  }

  /**
   * Everything that is not on the device yet is gone; the file system refuses all work until it is mounted again.
   * Never blocks this process, which stamps acknowledgements meanwhile.
   * @returns the moment on the clock of `process.hrtime`, in ns: what was acknowledged after it does not count
   */
  async cutPower(): Promise<bigint> {
    const { stdout } = await promisify(execFile)('python3', [
      join(faultsFolder, 'power-cut.py'),
      this.folder,
      '2',
    ]);
    return BigInt(stdout.trim());
  }

  [Symbol.dispose](): void {
    this.unmount();
    rmSync(this.#parent, { recursive: true, force: true });
  }
}
