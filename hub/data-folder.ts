/**
 * The data folder: made private, checked for writing, and holding two small files beside the database:
 * `admin-token` (0600, the API token made on the first start) and `hub.json` (where the running hub listens).
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Where a running hub listens; absent file = no hub is running, or it was killed and a new one will overwrite it. */
export interface HubAddress {
  readonly pid: number;
  readonly url: string;
  /** Where people find it, when that is not `url`. */
  readonly publicUrl?: string | undefined;
  readonly mqtt?: string | undefined;
  readonly version: string;
  /** Epoch ms. */
  readonly startedAt: number;
}

/** The folder cannot serve; `message` is one sentence for the operator. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** Makes the folder (0700) or mends its mode, and proves that it can be written. @throws {DataFolderError} */
export function prepareDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const probe = join(folder, '.write-probe');
    writeDurably(probe, 'probe');
    rmSync(probe);
  } catch (cause) {
    throw new DataFolderError(`The data folder ${folder} cannot be written: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

export function writeAdminToken(folder: string, secret: string): void {
  writeDurably(join(folder, 'admin-token'), `${secret}\n`);
}

export function hasAdminToken(folder: string): boolean {
  return existsSync(join(folder, 'admin-token'));
}

/** @throws {DataFolderError} there is none, or it cannot be read */
export function readAdminToken(folder: string): string {
  const file = join(folder, 'admin-token');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new DataFolderError(
      `There is no admin token in ${folder}: start the hub with this data folder first.`,
      {
        cause,
      },
    );
  }
}

export function writeAddress(folder: string, address: HubAddress): void {
  writeDurably(join(folder, 'hub.json'), `${JSON.stringify(address, undefined, 2)}\n`);
}

/** @throws {DataFolderError} no hub has announced itself here */
export function readAddress(folder: string): HubAddress {
  try {
    return JSON.parse(readFileSync(join(folder, 'hub.json'), 'utf8')) as HubAddress;
  } catch (cause) {
    throw new DataFolderError(`No hub is running with the data folder ${folder}: start it with npm start.`, {
      cause,
    });
  }
}

export function removeAddress(folder: string): void {
  rmSync(join(folder, 'hub.json'), { force: true });
}

/** New content or old content, never half of it, even after a power cut. */
export function writeDurably(file: string, text: string): void {
  const temporary = `${file}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}
