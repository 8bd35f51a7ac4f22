/** Who does not keep up, and why the last connections ended. */
import type { SocketsStatus } from '#contract/status.ts';
import { useApp } from '../components/context.ts';
import { Name } from '../components/name.tsx';

export function Sockets({ sockets }: { readonly sockets: SocketsStatus }) {
  const { language, now } = useApp();
  const bytes = (value: number): string => {
    const { text, unit } = language.values.bytes(value);
    return `${text} ${unit}`;
  };
  return (
    <section class="sockets">
      <h2>{language.t('status.closes')}</h2>
      <p class="dim">
        {language.t('status.slowClients', {
          slow: language.values.number(sockets.slow, 0),
          bytes: bytes(sockets.queuedBytes),
        })}
      </p>
      {sockets.lastCloses.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              <th>{language.t('status.closedAt')}</th>
              <th>{language.t('status.reason')}</th>
              <th>{language.t('status.transport')}</th>
              <th class="number">{language.t('status.lived')}</th>
              <th class="number">{language.t('status.unsent')}</th>
              <th class="number">{language.t('status.roundTrip')}</th>
            </tr>
          </thead>
          <tbody>
            {sockets.lastCloses.map((close) => (
              <tr key={`${close.closedAt} ${close.ageMs}`}>
                <td>
                  {language.t('status.ago', { span: language.span(Math.max(0, now.value - close.closedAt)) })}
                </td>
                <td class="grow">
                  <Name text={language.said(close.reason)} />
                </td>
                <td>{close.transport}</td>
                <td class="number" data-label={language.t('status.lived')}>
                  {language.span(close.ageMs)}
                </td>
                <td class="number" data-label={language.t('status.unsent')}>
                  {bytes(close.bufferedBytes)}
                </td>
                <td class="number" data-label={language.t('status.roundTrip')}>
                  {close.roundTripMs === undefined
                    ? ''
                    : `${language.values.number(close.roundTripMs, 0)} ms`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
