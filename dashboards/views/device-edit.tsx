/** What people say of a device: its words and place; another name or group; out of the lists. */
import { useState } from 'preact/hooks';
import { ActButton } from '../components/act-button.tsx';
import { useApp } from '../components/context.ts';
import { Trouble, useAct } from '../components/use-act.tsx';
import { deviceDraftOf, devicePatchOf } from '../format/device-draft.ts';
import type { DeviceDraft } from '../format/device-draft.ts';
import type { DeviceState } from '../state/registry.ts';

const fields = ['title', 'place', 'latitude', 'longitude', 'altitude'] as const;

export function DeviceEdit({ state }: { readonly state: DeviceState }) {
  const { language, session } = useApp();
  const [isOpen, setOpen] = useState(false);
  if (!session.may('device:manage')) return null;
  return (
    <details class="panel trace" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{language.t('edit.heading')}</h2>
      </summary>
      {isOpen && (
        <>
          <Words state={state} />
          <Move state={state} />
          <Archive state={state} />
        </>
      )}
    </details>
  );
}

function Words({ state }: { readonly state: DeviceState }) {
  const { language, api } = useApp();
  const { act, isBusy, trouble } = useAct();
  const [base, setBase] = useState(() => deviceDraftOf(state.info.peek()));
  const [draft, setDraft] = useState<DeviceDraft>(base);
  const patch = devicePatchOf(base, draft);
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (patch === undefined) return;
    if (await act(() => api.changeDevice(state.group, state.device, patch))) setBase(draft);
  };
  return (
    <form class="edit-form" onSubmit={(event) => void save(event)}>
      {fields.map((name) => (
        <label key={name} class="field">
          <span>{language.t(`edit.${name}`)}</span>
          <input
            value={draft[name]}
            maxLength={200}
            onInput={(event) => setDraft({ ...draft, [name]: event.currentTarget.value })}
          />
        </label>
      ))}
      <label class="field edit-labels">
        <span>{language.t('edit.labels')}</span>
        <textarea
          rows={3}
          value={draft.labels}
          onInput={(event) => setDraft({ ...draft, labels: event.currentTarget.value })}
        />
      </label>
      <Trouble text={patch === undefined ? language.t('edit.invalid') : trouble} />
      <button
        type="submit"
        class="button"
        disabled={isBusy || patch === undefined || Object.keys(patch).length === 0}
      >
        {language.t('form.save')}
      </button>
    </form>
  );
}

function Move({ state }: { readonly state: DeviceState }) {
  const { language, api, route } = useApp();
  const { act, isBusy, trouble } = useAct();
  const [group, setGroup] = useState(state.group);
  const [device, setDevice] = useState(state.device);
  const [merge, setMerge] = useState(false);
  const isSame = group === state.group && device === state.device;
  const move = async (): Promise<void> => {
    const to = { group, device, ...(merge ? { merge } : {}) };
    if (await act(() => api.moveDevice(state.group, state.device, to)))
      route.go({ screen: 'device', group, device });
  };
  return (
    <div class="edit-form">
      <label class="field">
        <span>{language.t('edit.group')}</span>
        <input value={group} onInput={(event) => setGroup(event.currentTarget.value.trim())} />
      </label>
      <label class="field">
        <span>{language.t('edit.device')}</span>
        <input value={device} onInput={(event) => setDevice(event.currentTarget.value.trim())} />
      </label>
      <label class="check">
        <input type="checkbox" checked={merge} onChange={(event) => setMerge(event.currentTarget.checked)} />
        <span>{language.t('edit.merge')}</span>
      </label>
      <Trouble text={trouble} />
      <ActButton
        class="button"
        dangerous
        disabled={isBusy || isSame || group === '' || device === ''}
        act={() => void move()}
      >
        {language.t('edit.move')}
      </ActButton>
    </div>
  );
}

function Archive({ state }: { readonly state: DeviceState }) {
  const { language, api, route } = useApp();
  const { act, isBusy, trouble } = useAct();
  const archive = async (): Promise<void> => {
    if (await act(() => api.changeDevice(state.group, state.device, { archived: true })))
      route.go({ screen: 'overview' });
  };
  return (
    <div class="edit-form">
      <p class="hint">{language.t('edit.archiveHint')}</p>
      <Trouble text={trouble} />
      <ActButton class="button" dangerous disabled={isBusy} act={() => void archive()}>
        {language.t('edit.archive')}
      </ActButton>
    </div>
  );
}
