/** How the hub is, part by part. */
import { useCallback, useRef } from 'preact/hooks';
import type { DiskState, DiskStatus, HubStatus, SpoolStatus } from '#contract/status.ts';
import { useApp } from '../components/context.ts';
import { Mark } from '../components/mark.tsx';
import type { Mood } from '../components/mark.tsx';
import { Denied, Failed, Loading } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { useFetched } from '../components/use-fetched.ts';
import { Edges } from './status-edges.tsx';
import { Sockets } from './status-sockets.tsx';

const refreshMs = 2000;

const hubMoods: Readonly<Record<HubStatus['state'], Mood>> = {
  ok: 'good',
  degraded: 'attention',
  starting: 'unknown',
  stopping: 'attention',
};
const diskMoods: Readonly<Record<DiskState, Mood>> = {
  enough: 'good',
  low: 'attention',
  short: 'attention',
  full: 'bad',
};

export function StatusView() {
  const { language, api, session } = useApp();
  const {
    item: status,
    problem,
    retry,
  } = useFetched(
    useCallback(() => api.status(), [api]),
    refreshMs,
  );
  if (problem?.status === 403) return <Denied />;
  if (status === undefined && problem !== undefined) return <Failed problem={problem} retry={retry} />;
  if (status === undefined) return <Loading text={language.t('overview.loading')} />;
  return (
    <>
      <h1>{language.t('status.title')}</h1>
      {status.store.failing !== undefined && (
        <p class="banner banner-offline" role="alert">
          <Mark mood="bad" />
          {language.t('status.failing', { why: status.store.failing })}
        </p>
      )}
      {status.starts.looping && (
        <p class="banner banner-stale" role="alert">
          <Mark mood="attention" />
          {language.t('status.looping', {
            ends: language.values.number(status.starts.uncleanEnds, 0),
            starts: language.values.number(status.starts.recent, 0),
          })}
        </p>
      )}
      <Figures status={status} />
      <Edges edges={status.edges} />
      <Sockets sockets={status.sockets} />
      {status.adminUi && session.may('hub:manage') && (
        <p>
          <a href="/admin-ui/">{language.t('status.adminUi')}</a>
        </p>
      )}
      <Counters counters={status.counters} />
    </>
  );
}

function Figures({ status }: { readonly status: HubStatus }) {
  const { language, now } = useApp();
  const rate = useRate(status);
  const memory = language.values.bytes(status.memoryRss);
  const size = language.values.bytes(status.store.bytes);
  const number = (value: number, digits = 0): string => language.values.number(value, digits);
  return (
    <dl class="figures">
      <div>
        <dt>{language.t('status.state')}</dt>
        <dd>
          <Mark mood={hubMoods[status.state]} /> {language.t(`status.${status.state}`)}
        </dd>
        <dd class="dim">
          {language.t('status.version', { version: status.version })} ·{' '}
          {language.t('status.up', { span: language.span(now.value - status.startedAt) })}
        </dd>
      </div>
      <Figure
        title={language.t('status.devices')}
        value={number(status.devices.online)}
        unit={language.t('status.ofTotal', { total: number(status.devices.total) })}
      />
      <Figure title={language.t('status.series')} value={number(status.store.series)} unit="" />
      <Figure
        title={language.t('status.rate')}
        value={rate === undefined ? '–' : number(rate)}
        unit={language.t('status.perSecond')}
      />
      <Figure title={language.t('status.storeSize')} value={size.text} unit={size.unit} />
      {status.store.disk !== undefined && <Disk disk={status.store.disk} />}
      <Figure
        title={language.t('status.lag')}
        value={number(status.store.head - status.store.merged)}
        unit=""
      />
      {status.store.spool !== undefined && <Spool spool={status.store.spool} />}
      <Figure title={language.t('status.memory')} value={memory.text} unit={memory.unit} />
    </dl>
  );
}

/** The room that is left, and what gives way if it is too little. */
function Disk({ disk }: { readonly disk: DiskStatus }) {
  const { language } = useApp();
  const free = language.values.bytes(disk.freeBytes);
  const total = language.values.bytes(disk.totalBytes);
  return (
    <div>
      <dt>{language.t('status.disk')}</dt>
      <dd>
        {disk.state !== 'enough' && <Mark mood={diskMoods[disk.state]} />}{' '}
        <span class="figure-number">{free.text}</span> <span class="value-unit">{free.unit}</span>
      </dd>
      <dd class="dim">{language.t(`status.disk.${disk.state}`, { total: `${total.text} ${total.unit}` })}</dd>
    </div>
  );
}

/** How far the database behind the hub is behind, in seconds, readings and bytes. */
function Spool({ spool }: { readonly spool: SpoolStatus }) {
  const { language } = useApp();
  const [bytes, most] = [spool.bytes, spool.maxBytes].map((count) => language.values.bytes(count));
  return (
    <div>
      <dt>{language.t('status.spool')}</dt>
      <dd>
        <span class="figure-number">{language.values.number(spool.ageSeconds, 0)}</span>{' '}
        <span class="value-unit">{language.t('status.behind')}</span>
      </dd>
      <dd class="dim">
        {language.t('status.spooled', {
          waiting: language.values.number(spool.waiting, 0),
          bytes: `${bytes?.text} ${bytes?.unit}`,
          most: `${most?.text} ${most?.unit}`,
        })}
      </dd>
    </div>
  );
}

function Figure({
  title,
  value,
  unit,
}: {
  readonly title: string;
  readonly value: string;
  readonly unit: string;
}) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <span class="figure-number">{value}</span> <span class="value-unit">{unit}</span>
      </dd>
    </div>
  );
}

/** Commits per second between the last two looks. */
function useRate(status: HubStatus): number | undefined {
  const { timing } = useApp();
  const last = useRef<{ status: HubStatus; at: number; rate?: number | undefined } | undefined>(undefined);
  if (last.current?.status !== status) {
    const at = timing.now();
    const before = last.current;
    const passed = before === undefined ? 0 : at - before.at;
    const rate =
      before !== undefined && passed > 0 && before.status.epoch === status.epoch
        ? Math.max(0, ((status.store.head - before.status.store.head) * 1000) / passed)
        : undefined;
    last.current = { status, at, rate };
  }
  return last.current?.rate;
}

function Counters({ counters }: { readonly counters: HubStatus['counters'] }) {
  const { language } = useApp();
  const entries = Object.entries(counters).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return (
    <section>
      <h2>{language.t('status.counters')}</h2>
      {entries.length === 0 && <p class="hint">{language.t('status.noCounters')}</p>}
      <dl class="pairs counters">
        {entries.map(([name, count]) => (
          <div key={name}>
            <dt>
              <Name text={name} class="code" />
            </dt>
            <dd class="number">{language.values.number(count, 0)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
