/** Many dashboards in a process of their own. */
import { answerCalls } from '../support/worker-process.ts';
import { Dashboard, type Counts, type DashboardTarget } from './dashboard.ts';

/** Connections that are opened at the same time. */
const wave = 50;
let dashboards: Dashboard[] = [];

answerCalls({
  /** One dashboard per target. Resolves when all are subscribed. */
  async open(targets: readonly DashboardTarget[]) {
    for (let at = 0; at < targets.length; at += wave) {
      const next = targets.slice(at, at + wave).map((target) => new Dashboard(target));
      await Promise.all(next.map(({ ready }) => ready));
      dashboards.push(...next);
    }
  },
  counts: (): readonly Counts[] => dashboards.map(({ counts }) => counts),
  close: () => {
    for (const dashboard of dashboards) dashboard.close();
    dashboards = [];
  },
});
