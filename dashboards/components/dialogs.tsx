/** The two things that open above the page: search and the list of keys. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeviceInfo } from '#contract/device.ts';
import { NoAnswerError, HubRefusedError } from '../connection/errors.ts';
import { hrefOf } from '../state/route.ts';
import type { Route } from '../state/route.ts';
import { useApp } from './context.ts';
import { Name } from './name.tsx';

const searchMs = 120;
const foundShown = 20;

export function Dialog(props: {
  readonly label: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => element.current?.showModal(), []);
  return (
    <dialog
      ref={element}
      aria-label={props.label}
      onClose={props.close}
      onClick={(event) => event.target === element.current && props.close()}
    >
      {props.children}
    </dialog>
  );
}

interface Found {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly route: Route;
}

export function SearchDialog({ close }: { readonly close: () => void }) {
  const { language, route } = useApp();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useFound(text);
  const open = (item: Found | undefined): void => {
    if (item === undefined) return;
    route.go(item.route);
    close();
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen(Math.max(0, Math.min(found.length - 1, chosen + step)));
    }
    if (event.key === 'Enter') open(found[chosen]);
  };
  return (
    <Dialog label={language.t('search.title')} close={close}>
      <input
        class="search-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="found"
        aria-activedescendant={found[chosen] === undefined ? '' : `found-${chosen}`}
        aria-label={language.t('search.title')}
        placeholder={language.t('search.placeholder')}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKey}
      />
      <ul id="found" class="found" role="listbox" aria-label={language.t('search.title')}>
        {found.map((item, index) => (
          <li key={item.key} id={`found-${index}`} role="option" aria-selected={index === chosen}>
            <a href={hrefOf(item.route)} tabIndex={-1} onClick={close} onMouseEnter={() => setChosen(index)}>
              <Name text={item.title} />
              <Name text={item.detail} class="found-detail" />
            </a>
          </li>
        ))}
      </ul>
      {text !== '' && found.length === 0 && <p class="hint">{language.t('search.none', { text })}</p>}
      <p class="hint wide-only">{language.t('search.hint')}</p>
    </Dialog>
  );
}

/**
 * Groups that match at once, devices as the hub finds them. Until it has answered, of those found for the text before
 * only what matches this one: Enter never opens what the reader did not mean.
 */
function useFound(text: string): readonly Found[] {
  const { language, live, timing } = useApp();
  const current = live.value;
  const [answer, setAnswer] = useState<{ text: string; devices: readonly DeviceInfo[] }>({
    text: '',
    devices: [],
  });
  useEffect(() => {
    if (current === undefined) return;
    let isOver = false;
    const cancel = timing.after(searchMs, () => {
      current.connection.fleet
        .request('search', { text, limit: foundShown })
        .then(({ devices }) => isOver || setAnswer({ text, devices }))
        .catch((error: unknown) => {
          if (!(error instanceof NoAnswerError || error instanceof HubRefusedError)) throw error;
          if (!isOver) setAnswer({ text, devices: [] });
        });
    });
    return () => {
      isOver = true;
      cancel();
    };
  }, [text, current, timing]);
  const wanted = text.toLowerCase();
  const devices =
    answer.text === text
      ? answer.devices
      : answer.devices.filter(({ device, title }) => `${device} ${title}`.toLowerCase().includes(wanted));
  const groups = (current?.fleet.groups.value ?? []).filter(
    ({ group, title }) => wanted !== '' && `${group} ${title}`.toLowerCase().includes(wanted),
  );
  return [
    ...groups.slice(0, 5).map(({ group, title }) => ({
      key: group,
      title,
      detail: language.t('search.group'),
      route: { screen: 'group', group } as const,
    })),
    ...devices.map(({ group, device, title }) => ({
      key: `${group}/${device}`,
      title,
      detail: `${group} / ${device}`,
      route: { screen: 'device', group, device } as const,
    })),
  ];
}

export function KeysDialog({ close }: { readonly close: () => void }) {
  const { language } = useApp();
  const keys = [
    ['/', 'keys.search'],
    ['g o', 'keys.overview'],
    ['g c', 'keys.commands'],
    ['g i', 'keys.inbox'],
    ['g s', 'keys.status'],
    ['g p', 'keys.settings'],
    ['[ ]', 'keys.neighbours'],
    ['t', 'keys.theme'],
    ['+ −', 'keys.zoom'],
    ['← →', 'keys.pan'],
    ['Home', 'keys.live'],
    ['?', 'keys.help'],
  ] as const;
  return (
    <Dialog label={language.t('keys.title')} close={close}>
      <h2>{language.t('keys.title')}</h2>
      <dl class="keys">
        {keys.map(([key, text]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dt>
            <dd>{language.t(text)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="button" onClick={close}>
        {language.t('keys.close')}
      </button>
    </Dialog>
  );
}
