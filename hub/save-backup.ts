/** `npm run backup -- FILE`: asks the running hub for a backup and keeps it, whole or not at all. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fetchFromHub } from './ask-hub.ts';

/** @returns the size in bytes @throws {Error} a sentence for the person */
export async function saveBackup(dataFolder: string, file: string): Promise<number> {
  if (existsSync(file)) throw new Error(`${file} exists already: choose another name.`);
  const { response } = await fetchFromHub({ dataFolder, path: '/api/v1/backup', purpose: 'make a backup' });
  const part = `${file}.part`;
  try {
    const bytes = await writeAll(part, response);
    const announced = Number(response.headers.get('content-length'));
    if (bytes !== announced) throw new Error(`The backup ended early: ${bytes} of ${announced} bytes came.`);
    renameSync(part, file);
    syncFolder(dirname(resolve(file)));
    return bytes;
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** It holds tokens, as hashes, and everything else: for its owner only. */
async function writeAll(path: string, response: Response): Promise<number> {
  const descriptor = openSync(path, 'w', 0o600);
  try {
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      writeSync(descriptor, chunk as Uint8Array);
      bytes += (chunk as Uint8Array).byteLength;
    }
    fsyncSync(descriptor);
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
