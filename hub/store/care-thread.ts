/** The thread for what reads the whole file: one backup or one check, then it ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { backUp, damageOf } from './backup.ts';

export type CareJob =
  | { readonly kind: 'backup'; readonly file: string; readonly target: string }
  | { readonly kind: 'check'; readonly file: string };

/** What is wrong with the file; a backup that failed ends the thread with its error. */
export type CareResult = readonly string[];

if (parentPort !== null) answer(parentPort, perform(workerData as CareJob));

function answer(port: NonNullable<typeof parentPort>, result: CareResult): void {
  port.postMessage(result, []);
}

function perform(job: CareJob): CareResult {
  if (job.kind === 'check') return damageOf(job.file);
  backUp(job.file, job.target);
  return [];
}
