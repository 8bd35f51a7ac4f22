/** Readings and the list of devices in from files, and the list out to one. */
import { useId, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { devicesExport } from '../api/transfer-api.ts';
import { Choice } from '../components/choice.tsx';
import { useApp } from '../components/context.ts';
import { formatOf, importDevices, importReadings } from '../state/import-run.ts';
import type { ImportParts } from '../state/import-run.ts';

const precisions = ['ns', 'us', 'ms', 's'] as const;

export function Files() {
  const { language, session } = useApp();
  return (
    <section class="panel tokens">
      <h2>{language.t('files.title')}</h2>
      {session.may('telemetry:write') && <ReadingsIn />}
      {session.may('device:manage') && <DevicesInAndOut />}
    </section>
  );
}

function ReadingsIn() {
  const { language, live, works } = useApp();
  const run = useImport();
  const groups = live.value?.fleet.groups.value ?? [];
  const list = useId();
  const [group, setGroup] = useState('');
  const [precision, setPrecision] = useState<string>('us');
  const [file, setFile] = useState<File | undefined>(undefined);
  const isReady = file !== undefined && group !== '' && !works.isRunning('import');
  return (
    <FileForm
      lead={language.t('files.readings')}
      accept=".csv,.lp,.txt"
      choose={setFile}
      isReady={isReady}
      submit={() => file && run('import', file, (parts) => importReadings(parts, { group, precision }))}
    >
      <label class="field setting">
        <span>{language.t('mapping.group')}</span>
        <input
          list={list}
          value={group}
          maxLength={63}
          onInput={(event) => setGroup(event.currentTarget.value.trim())}
        />
        <datalist id={list}>
          {groups.map((info) => (
            <option key={info.group} value={info.group} />
          ))}
        </datalist>
      </label>
      {file !== undefined && formatOf(file.name) === 'line-protocol' && (
        <Choice
          label={language.t('files.precision')}
          value={precision}
          options={precisions.map((one) => [one, one])}
          choose={setPrecision}
        />
      )}
    </FileForm>
  );
}

function DevicesInAndOut() {
  const { language, works } = useApp();
  const run = useImport();
  const [file, setFile] = useState<File | undefined>(undefined);
  return (
    <FileForm
      lead={language.t('files.devices')}
      accept=".csv,.json"
      choose={setFile}
      isReady={file !== undefined && !works.isRunning('devices')}
      submit={() => file && run('devices', file, importDevices)}
    >
      <span class="button-group files-out">
        {(['csv', 'json'] as const).map((format) => (
          <a key={format} class="button" href={devicesExport(format)} download={`devices.${format}`}>
            {language.t('files.devicesOut', { format: format.toUpperCase() })}
          </a>
        ))}
      </span>
    </FileForm>
  );
}

function useImport() {
  const { transfer, timing, works } = useApp();
  return (kind: 'import' | 'devices', file: File, job: (parts: ImportParts) => Promise<void>): void => {
    void works.run({
      kind,
      title: (language) => language.t('files.work', { name: file.name }),
      job: (tell, signal) => job({ api: transfer, timing, file, tell, signal }),
    });
  };
}

function FileForm(props: {
  readonly lead: string;
  readonly accept: string;
  readonly choose: (file: File | undefined) => void;
  readonly isReady: boolean;
  readonly submit: () => void;
  readonly children: ComponentChildren;
}) {
  const { language } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    props.submit();
    // The same file may be chosen again: a browser tells only of a change.
    if (input.current !== null) input.current.value = '';
    props.choose(undefined);
  };
  return (
    <form class="token-form files" onSubmit={submit}>
      <p class="hint">{props.lead}</p>
      <label class="field setting">
        <span>{language.t('files.file')}</span>
        <input
          ref={input}
          class="file-input"
          type="file"
          accept={props.accept}
          onChange={(event) => props.choose(event.currentTarget.files?.[0])}
        />
      </label>
      {props.children}
      <button type="submit" class="button" disabled={!props.isReady}>
        {language.t('files.import')}
      </button>
    </form>
  );
}
