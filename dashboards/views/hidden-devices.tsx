/** Devices that the lists leave out: those that wait for approval, that were denied, that are archived; and the way back. */
import { useCallback } from 'preact/hooks';
import type { DevicePatch } from '#contract/device-patch.ts';
import type { DeviceInfo } from '#contract/device.ts';
import type { OutOfSight } from '../api/hub-api.ts';
import { ActButton } from '../components/act-button.tsx';
import { useApp } from '../components/context.ts';
import { Failed, Loading } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { Trouble, useAct } from '../components/use-act.tsx';
import { useFetched } from '../components/use-fetched.ts';

const refreshMs = 5000;

interface Change {
  readonly label: 'hidden.approve' | 'hidden.deny' | 'hidden.restore';
  readonly patch: DevicePatch;
  readonly isDangerous?: boolean;
}

const approve: Change = { label: 'hidden.approve', patch: { admission: 'admitted' } };
const changes: Readonly<Record<OutOfSight, readonly Change[]>> = {
  waiting: [approve, { label: 'hidden.deny', patch: { admission: 'denied' }, isDangerous: true }],
  denied: [approve],
  archived: [{ label: 'hidden.restore', patch: { archived: false } }],
};

export function HiddenDevices(props: {
  readonly why: OutOfSight;
  /** Said where there are none; without it nothing is shown then. */
  readonly none?: string;
}) {
  const { language, api } = useApp();
  const { why, none } = props;
  const { act, isBusy, trouble } = useAct();
  const { item, problem, retry } = useFetched(
    useCallback(() => api.devicesOutOfSight(why), [api, why]),
    refreshMs,
  );
  const run = (work: () => Promise<void>): void => void act(work).then(() => retry());
  if (item === undefined && problem !== undefined) return <Failed problem={problem} retry={retry} />;
  if (item === undefined)
    return none === undefined ? null : <Loading text={language.t('settings.loading')} />;
  if (item.items.length === 0) return none === undefined ? null : <p class="hint">{none}</p>;
  return (
    <section class="hidden-devices">
      {why === 'waiting' ? (
        <>
          <h2>{language.t('hidden.waiting')}</h2>
          <p class="hint">{language.t('hidden.waitingLead')}</p>
        </>
      ) : (
        <h3>{language.t(`hidden.${why}`)}</h3>
      )}
      <Trouble text={trouble} />
      <table class="table">
        <thead>
          <tr>
            <th>{language.t('command.device')}</th>
            <th>{language.t('mapping.group')}</th>
            <th>{language.t('hidden.measures')}</th>
            <th>{language.t('hidden.heard')}</th>
            <th>
              <span class="unseen">{language.t('hidden.acts')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {item.items.map((info) => (
            <HiddenRow
              key={`${info.group}/${info.device}`}
              info={info}
              changes={changes[why]}
              isBusy={isBusy}
              run={(patch) => run(() => api.changeDevice(info.group, info.device, patch))}
            />
          ))}
        </tbody>
      </table>
      {item.hasMore && <p class="hint">{language.t('hidden.more', { count: item.items.length })}</p>}
    </section>
  );
}

function HiddenRow(props: {
  readonly info: DeviceInfo;
  readonly changes: readonly Change[];
  readonly isBusy: boolean;
  readonly run: (patch: DevicePatch) => void;
}) {
  const { language, now } = useApp();
  const { info, isBusy, run } = props;
  const { device, title, lastSeen, metrics } = info;
  return (
    <tr>
      <td class="grow">
        <Name text={title} />
        {title !== device && <Name text={device} class="code dim" />}
      </td>
      <td>
        <Name text={info.group} />
      </td>
      <td class="grow">
        <Name text={metrics.map(({ metric }) => metric).join(', ')} class="code dim" />
      </td>
      <td>
        {lastSeen !== undefined && (
          <time dateTime={new Date(lastSeen).toISOString()} title={language.time(lastSeen)}>
            {language.age(now.value - lastSeen)}
          </time>
        )}
      </td>
      <td class="number">
        <span class="button-group">
          {props.changes.map(({ label, patch, isDangerous }) => (
            <ActButton
              key={label}
              class="button small"
              aria-label={`${language.t(label)}: ${device}`}
              disabled={isBusy}
              dangerous={isDangerous}
              act={() => run(patch)}
            >
              {language.t(label)}
            </ActButton>
          ))}
        </span>
      </td>
    </tr>
  );
}
