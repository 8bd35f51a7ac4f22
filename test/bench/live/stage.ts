/** One subject on stage: its devices, its dashboards, and what they see of it. */
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { WorkerProcess } from '../support/worker-process.ts';
import type { Counts, DashboardTarget } from './dashboard.ts';
import type { Fleet, Seen } from './devices-process.ts';
import type { Subject } from './subjects.ts';

const file = (name: string): string => join(import.meta.dirname, name);

export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** What the dashboards were sent since they are open. */
export interface Delivered {
  /** To each. */
  readonly readings: readonly number[];
  /** To all together. */
  readonly bytes: number;
}

export class Stage implements AsyncDisposable {
  readonly subject: Subject;
  readonly #devices = new WorkerProcess(file('devices-process.ts'));
  readonly #dashboards = new WorkerProcess(file('dashboards-process.ts'));

  constructor(subject: Subject) {
    this.subject = subject;
  }

  /** The dashboards are on machines of their own: here they have what the hub and the devices leave of this one. */
  dashboardsGiveWay(): void {
    setPriority(this.#dashboards.pid, constants.priority.PRIORITY_LOW);
  }

  async connectDevices(): Promise<void> {
    await this.#devices.call('connect', this.subject.mqtt, this.subject.token);
  }

  openDashboards(count: number): Promise<void> {
    return this.#dashboards.call(
      'open',
      Array.from({ length: count }, (_, index) => this.subject.target(index)),
    );
  }

  openAll(targets: readonly DashboardTarget[]): Promise<void> {
    return this.#dashboards.call('open', targets);
  }

  closeDashboards(): Promise<void> {
    return this.#dashboards.call('close');
  }

  /** The dashboard that reads, and measures how long each reading was under way. */
  openProbe(target: DashboardTarget, { devices }: Fleet): Promise<void> {
    return this.#devices.call('openProbe', target, devices);
  }

  startDevices(fleet: Fleet): Promise<void> {
    return this.#devices.call('start', fleet);
  }

  oneMessage(fleet: Fleet): Promise<void> {
    return this.#devices.call('one', fleet);
  }

  stopDevices(): Promise<void> {
    return this.#devices.call('stop');
  }

  published(): Promise<number> {
    return this.#devices.call('published');
  }

  clear(): Promise<void> {
    return this.#devices.call('clear');
  }

  seen(): Promise<Seen> {
    return this.#devices.call('seen');
  }

  async delivered(): Promise<Delivered> {
    const { marksPerFrame } = this.subject;
    const counts = await this.#dashboards.call<readonly Counts[]>('counts');
    return {
      readings: counts.map(({ frames, marks }) => marks - frames * marksPerFrame),
      bytes: counts.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#devices.end();
    await this.#dashboards.end();
  }
}
