/** What another process has cost, as the kernel accounts it: `/proc`, so Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processor time of its threads in seconds, nanoseconds exact. Threads that ended are not in it.
 * @param leftOut names of threads that are not to count
 */
export function cpuSecondsOf(pid: number, leftOut?: RegExp): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const of = (file: string): string => readFileSync(`/proc/${pid}/task/${thread}/${file}`, 'utf8');
    if (leftOut?.test(of('comm')) !== true) nanoseconds += Number(of('schedstat').split(' ', 1)[0]);
  }
  return nanoseconds / 1e9;
}

/** Resident memory in bytes. */
export function residentBytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
}
