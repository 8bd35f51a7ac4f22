/** What a piece of work cost this process: wall time, and processor time beside it. */
export interface Cost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly userSeconds: number;
}

/** Starts measuring; the returned function says what it has cost since. */
export function startMeasuring(): () => Cost {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      wallSeconds: (performance.now() - startMs) / 1000,
      cpuSeconds: (user + system) / 1e6,
      userSeconds: user / 1e6,
    };
  };
}

/** What the process holds, after a collection if `--expose-gc` allows one. */
export function memory(): { readonly heapBytes: number; readonly residentBytes: number } {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, residentBytes: rss };
}
