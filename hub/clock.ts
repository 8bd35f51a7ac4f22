/** The machine's clocks, as the port `Clock` wants them. */
import type { Clock } from '#ports';

export const systemClock: Clock = {
  // Date, not performance.timeOrigin: only Date follows when the operator or NTP sets the clock.
  nowUs: () => Date.now() * 1000,
  monotonicMs: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
