/** An address that names nothing. */
import { useApp } from '../components/context.ts';
import { Message } from '../components/message.tsx';

export function NotFoundView() {
  const { language } = useApp();
  return (
    <Message title={language.t('notFound.title')} mood="unknown">
      <a class="button" href="#/">
        {language.t('notFound.next')}
      </a>
    </Message>
  );
}
