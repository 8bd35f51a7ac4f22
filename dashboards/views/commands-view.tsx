/** The commands of all groups, newest first, each with how it ended. */
import type { CommandRecord } from '#contract/command.ts';
import { isFinal } from '#contract/command.ts';
import { CommandState, CommandWords } from '../components/command-state.tsx';
import { useApp, useGroups } from '../components/context.ts';
import { Loading, Message } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { hrefOf } from '../state/route.ts';

const groupsShown = 12;
const commandsShown = 200;

export function CommandsView() {
  const { language, live } = useApp();
  const groups = live.value?.fleet.groups.value;
  const states = useGroups((groups ?? []).slice(0, groupsShown).map(({ group }) => group));
  const lists = [...states.values()].map(({ commands }) => commands.value);
  const known = groups !== undefined && (groups.length === 0 || lists.some((list) => list !== undefined));
  const commands = lists
    .flatMap((list) => list ?? [])
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .slice(0, commandsShown);
  if (!known) return <Loading text={language.t('overview.loading')} />;
  return (
    <>
      <h1>{language.t('command.title')}</h1>
      {commands.length === 0 ? (
        <Message title={language.t('command.none')}>
          <p>{language.t('command.noneHint')}</p>
        </Message>
      ) : (
        <CommandTable commands={commands} />
      )}
    </>
  );
}

function CommandTable({ commands }: { readonly commands: readonly CommandRecord[] }) {
  const { language } = useApp();
  return (
    <table class="table">
      <thead>
        <tr>
          <th>{language.t('command.time')}</th>
          <th>{language.t('command.device')}</th>
          <th>{language.t('command.what')}</th>
          <th>{language.t('command.state')}</th>
          <th class="number">{language.t('command.took')}</th>
          <th>{language.t('command.by')}</th>
        </tr>
      </thead>
      <tbody>
        {commands.map((command) => (
          <CommandRow key={`${command.group}/${command.id}`} command={command} />
        ))}
      </tbody>
    </table>
  );
}

function CommandRow({ command }: { readonly command: CommandRecord }) {
  const { language, live } = useApp();
  const title = live.value?.registry.find(command.group, command.device)?.info.value.title ?? command.device;
  const last = command.history.at(-1);
  const tookMs =
    last !== undefined && isFinal(command.state) ? Math.max(0, last.at - command.createdAt) : undefined;
  return (
    <tr>
      <td>
        <time dateTime={new Date(command.createdAt).toISOString()} title={language.time(command.createdAt)}>
          {language.clock(command.createdAt)}
        </time>
      </td>
      <td class="grow">
        <a href={hrefOf({ screen: 'device', group: command.group, device: command.device })}>
          <Name text={title} />
        </a>
        <Name text={command.group} class="dim" />
      </td>
      <td>
        <CommandWords command={command} />
      </td>
      <td>
        <CommandState state={command.state} />
        {command.error !== undefined && (
          <Name text={language.reason(command.error.code, command.error.message)} class="dim lines" />
        )}
      </td>
      <td class="number" data-label={tookMs === undefined ? undefined : language.t('command.took')}>
        {tookMs === undefined ? '' : tookText(tookMs, language.values.number.bind(language.values))}
      </td>
      <td>
        <Name text={command.requestedBy} class="dim" />
      </td>
    </tr>
  );
}

function tookText(ms: number, number: (value: number, precision?: number) => string): string {
  return ms < 1000 ? `${number(ms, 0)} ms` : `${number(ms / 1000, 1)} s`;
}
