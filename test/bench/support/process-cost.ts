/** What another process has cost, as the kernel accounts it: `/proc`, so Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of all its threads in seconds, nanoseconds exact. Threads that ended are not in it. */
export function cpuSecondsOf(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]);
  return nanoseconds / 1e9;
}

/** Resident memory in bytes. */
export function residentBytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
}
