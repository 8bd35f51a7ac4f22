/** All readings of a device or a group as a file: which time, which form; then it runs above every screen. */
import { useState } from 'preact/hooks';
import type { DeviceInfo } from '#contract/device.ts';
import type { TransferFormat } from '../api/transfer-api.ts';
import { Choice } from '../components/choice.tsx';
import { useApp } from '../components/context.ts';
import { Dialog } from '../components/dialogs.tsx';
import { download } from '../components/download.ts';
import { Icon } from '../components/icons.tsx';
import { plainText } from '../format/text.ts';
import { exportReadings } from '../state/export-run.ts';
import { ranges } from '../state/viewport.ts';

const periods = ['24h', '7d', '30d', '1y'] as const;
type Period = (typeof periods)[number] | 'all';
const endings: Readonly<Record<TransferFormat, string>> = { csv: 'csv', 'line-protocol': 'lp' };

interface Subject {
  readonly group: string;
  /** Absent: the whole group. */
  readonly device?: string;
  /** Whose series are expected. */
  readonly devices: () => readonly DeviceInfo[];
}

export function ExportButton(subject: Subject) {
  const { language } = useApp();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button small" onClick={() => setOpen(true)}>
        <Icon name="download" />
        {language.t('export.open')}
      </button>
      {isOpen && <ExportDialog subject={subject} close={() => setOpen(false)} />}
    </>
  );
}

function ExportDialog({ subject, close }: { readonly subject: Subject; readonly close: () => void }) {
  const { language, works } = useApp();
  const [period, setPeriod] = useState<Period>('7d');
  const [format, setFormat] = useState<TransferFormat>('csv');
  const start = useExport(subject);
  const name = plainText(subject.device ?? subject.group, 64);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    start(period, format);
    close();
  };
  return (
    <Dialog label={language.t('export.title', { name })} close={close}>
      <form class="dialog-form" onSubmit={submit}>
        <h2>{language.t('export.title', { name })}</h2>
        <Choice
          label={language.t('export.period')}
          value={period}
          options={[
            ...periods.map(
              (one) => [one, language.t('export.last', { span: language.t(`range.${one}`) })] as const,
            ),
            ['all', language.t('export.all')],
          ]}
          choose={(value) => setPeriod(periods.find((one) => one === value) ?? 'all')}
        />
        <Choice
          label={language.t('export.format')}
          value={format}
          options={[
            ['csv', 'CSV'],
            ['line-protocol', language.t('export.lineProtocol')],
          ]}
          choose={(value) => setFormat(value === 'csv' ? 'csv' : 'line-protocol')}
        />
        <p class="hint">{language.t('export.hint')}</p>
        <div class="form-acts">
          <button type="submit" class="button primary" disabled={works.isRunning('export')}>
            {language.t('export.start')}
          </button>
          <button type="button" class="button" onClick={close}>
            {language.t('mapping.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function useExport({ group, device, devices }: Subject): (period: Period, format: TransferFormat) => void {
  const { transfer, timing, works } = useApp();
  return (period, format) => {
    const start = period === 'all' ? undefined : timing.now() - ranges[period];
    const name = device === undefined ? group : `${group}_${device}`;
    const query = {
      group,
      format,
      ...(device !== undefined && { device }),
      ...(start !== undefined && { start }),
    };
    void works.run({
      kind: 'export',
      title: (language) => language.t('export.title', { name: device ?? group }),
      job: async (tell, signal) => {
        const content = await exportReadings({
          api: transfer,
          timing,
          query,
          devices: devices(),
          tell,
          signal,
        });
        download(`${name.replace(/[^\w.-]/g, '_')}.${endings[format]}`, content);
      },
    });
  };
}
