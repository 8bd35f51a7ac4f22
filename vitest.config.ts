import { defineConfig } from 'vitest/config';

/** What needs a process, a server or a browser of its own; everything else is fast. */
const slow = ['test/scenarios/**/*.test.ts', 'test/conformance/**/*.test.ts', 'test/**/*.server.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: slow,
          testTimeout: 10_000,
          // A second is soon over where other work has the machine.
          expect: { poll: { timeout: 5000 } },
          // No module of ours has state, so test files may share a process: one each took most of the time.
          pool: 'forks',
          isolate: false,
        },
      },
      {
        test: {
          name: 'servers',
          include: slow,
          globalSetup: 'test/support/build.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // What a loaded machine does late is not wrong.
          expect: { poll: { timeout: 10_000 } },
          // Real servers and browsers on a small machine: one file at a time keeps timings honest.
          fileParallelism: false,
          // Tests that mostly wait for a process to start, and say so, share its cores.
          maxConcurrency: 2,
        },
      },
    ],
  },
});
