/** Groups: their titles, archived and back, deleted when they are empty. */
import { useCallback, useState } from 'preact/hooks';
import type { GroupInfo } from '#contract/device.ts';
import { ActButton } from '../components/act-button.tsx';
import { useApp } from '../components/context.ts';
import { Failed, Loading } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { Trouble, useAct } from '../components/use-act.tsx';
import { useFetched } from '../components/use-fetched.ts';

const refreshMs = 10_000;

export function Groups() {
  const { language, api } = useApp();
  const { act, isBusy, trouble } = useAct();
  const { item, problem, retry } = useFetched(
    useCallback(() => api.groups(), [api]),
    refreshMs,
  );
  const run = (work: () => Promise<void>): void => void act(work).then((isDone) => isDone && retry());
  return (
    <section class="panel tokens">
      <h2>{language.t('groups.title')}</h2>
      <Trouble text={trouble} />
      {item === undefined && problem !== undefined && <Failed problem={problem} retry={retry} />}
      {item === undefined && problem === undefined && <Loading text={language.t('settings.loading')} />}
      {item?.length === 0 && <p class="hint">{language.t('groups.none')}</p>}
      {item !== undefined && item.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              <th>{language.t('groups.id')}</th>
              <th>{language.t('groups.name')}</th>
              <th class="number">{language.t('groups.devices')}</th>
              <th>
                <span class="unseen">{language.t('groups.acts')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {item.map((info) => (
              <GroupRow key={info.group} info={info} isBusy={isBusy} run={run} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function GroupRow(props: {
  readonly info: GroupInfo;
  readonly isBusy: boolean;
  readonly run: (work: () => Promise<void>) => void;
}) {
  const { language, api } = useApp();
  const { info, isBusy, run } = props;
  const { group, title, archivedAt } = info;
  const isArchived = archivedAt !== undefined;
  const archive = language.t(isArchived ? 'groups.restore' : 'groups.archive');
  const remove = language.t('groups.delete');
  return (
    <tr>
      <td class="grow">
        <Name text={group} class="code" />
        {isArchived && <span class="dim">{language.t('groups.archived')}</span>}
      </td>
      <td class="grow">
        <TitleForm
          key={title}
          info={info}
          isBusy={isBusy}
          save={(wanted) => run(() => api.changeGroup(group, { title: wanted === '' ? null : wanted }))}
        />
      </td>
      <td class="number" data-label={language.t('groups.devices')}>
        {language.values.number(info.devices, 0)}
      </td>
      <td class="number">
        <span class="button-group">
          <button
            type="button"
            class="button small"
            aria-label={`${archive}: ${group}`}
            disabled={isBusy}
            onClick={() => run(() => api.changeGroup(group, { archived: !isArchived }))}
          >
            {archive}
          </button>
          <ActButton
            class="button small"
            aria-label={`${remove}: ${group}`}
            disabled={isBusy}
            dangerous
            act={() => run(() => api.deleteGroup(group))}
          >
            {remove}
          </ActButton>
        </span>
      </td>
    </tr>
  );
}

function TitleForm(props: {
  readonly info: GroupInfo;
  readonly isBusy: boolean;
  readonly save: (title: string) => void;
}) {
  const { language } = useApp();
  const { group, title } = props.info;
  const [text, setText] = useState(title);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    props.save(text.trim());
  };
  return (
    <form class="group-title" onSubmit={submit}>
      <input
        class="text-input"
        value={text}
        maxLength={200}
        aria-label={`${language.t('groups.name')}: ${group}`}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {text.trim() !== title && (
        <button
          type="submit"
          class="button small"
          aria-label={`${language.t('form.save')}: ${group}`}
          disabled={props.isBusy}
        >
          {language.t('form.save')}
        </button>
      )}
    </form>
  );
}
