/** The ways in and out, each with its state; brokers of others with what came from them. */
import type { EdgeStatus } from '#contract/status.ts';
import { useApp } from '../components/context.ts';
import { Mark } from '../components/mark.tsx';
import type { Mood } from '../components/mark.tsx';
import { Name } from '../components/name.tsx';

const edgeMoods: Readonly<Record<EdgeStatus['state'], Mood>> = {
  up: 'good',
  degraded: 'attention',
  down: 'bad',
  starting: 'unknown',
  stopped: 'unknown',
};

export function Edges({ edges }: { readonly edges: readonly EdgeStatus[] }) {
  const { language } = useApp();
  return (
    <section>
      <h2>{language.t('status.edges')}</h2>
      <table class="table">
        <thead>
          <tr>
            <th>{language.t('status.edge')}</th>
            <th>{language.t('command.state')}</th>
            <th>{language.t('status.address')}</th>
            <th class="number">{language.t('status.connections')}</th>
            <th>{language.t('status.detail')}</th>
          </tr>
        </thead>
        <tbody>
          {edges.map((edge) => (
            <tr key={edge.name}>
              <td>
                <Name text={edge.name} />
              </td>
              <td>
                <span class="command-state">
                  <Mark mood={edgeMoods[edge.state]} />
                  {language.t(`edge.${edge.state}`)}
                </span>
              </td>
              <td>
                <Name text={edge.address ?? ''} class="code" />
              </td>
              <td class="number" data-label={language.t('status.connections')}>
                {edge.connections === undefined ? '' : language.values.number(edge.connections, 0)}
              </td>
              <td class="grow">
                <Detail edge={edge} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What is said of it, and of somebody else's broker what came from it and what it will lose while the hub is away. */
function Detail({
  edge: { detail, messages, reconnects = 0, droppedByBroker, advice },
}: {
  readonly edge: EdgeStatus;
}) {
  const { language } = useApp();
  const number = (count: number): string => language.values.number(count, 0);
  return (
    <>
      {detail !== undefined && <Name text={language.said(detail)} class="dim lines" />}
      {messages !== undefined && (
        <p class="dim">
          {language.t('status.messages', {
            received: number(messages.received),
            acknowledged: number(messages.acknowledged),
            reconnects: number(reconnects),
          })}
        </p>
      )}
      {droppedByBroker !== undefined && (
        <p class="command-state">
          <Mark mood="attention" />
          {language.t('status.dropped', { count: number(droppedByBroker) })}
        </p>
      )}
      {advice !== undefined && (
        <details>
          <summary>{language.t('status.advice')}</summary>
          <p class="dim">{language.said(advice)}</p>
        </details>
      )}
    </>
  );
}
