/** What another process has cost, as the kernel accounts it: `/proc`, so Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processor time of its threads in seconds, nanoseconds exact. Threads that ended are not in it.
 * @param leftOut names of threads that are not to count
 */
export function cpuSecondsOf(pid: number, leftOut?: RegExp): number {
  let seconds = 0;
  for (const thread of threadsOf(pid)) if (leftOut?.test(thread.name) !== true) seconds += thread.seconds;
  return seconds;
}

/** Processor time of a hub in seconds: its own thread, the store's, the garbage collector's and other helpers of Node's. */
export function cpuSecondsByThread(pid: number): Record<'main' | 'writer' | 'collector', number> {
  const sums = { main: 0, writer: 0, collector: 0 };
  for (const { id, name, seconds } of threadsOf(pid)) {
    if (id === pid) sums.main += seconds;
    else sums[/^(?:writer|reader)-thread/.test(name) ? 'writer' : 'collector'] += seconds;
  }
  return sums;
}

function threadsOf(pid: number): { readonly id: number; readonly name: string; readonly seconds: number }[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const of = (file: string): string => readFileSync(`/proc/${pid}/task/${thread}/${file}`, 'utf8');
    return { id: Number(thread), name: of('comm'), seconds: Number(of('schedstat').split(' ', 1)[0]) / 1e9 };
  });
}

/** Resident memory in bytes. */
export function residentBytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
}
