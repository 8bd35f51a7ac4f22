/** A token is edited: a dialog with what it opens. Its secret stays as it is. */
import { useRef } from 'preact/hooks';
import type { TokenInfo } from '#contract/access.ts';
import { useApp } from '../components/context.ts';
import { Dialog } from '../components/dialogs.tsx';
import { Trouble, useAct } from '../components/use-act.tsx';
import { plainText } from '../format/text.ts';
import { tokenPatchOf } from '../format/token-draft.ts';
import { TokenForm } from './token-form.tsx';

export function TokenEdit(props: {
  readonly token: TokenInfo;
  readonly close: () => void;
  /** It is changed. */
  readonly changed: () => void;
}) {
  const { language, api, timing } = useApp();
  const { act, trouble } = useAct();
  const { token, close, changed } = props;
  const content = useRef<HTMLDivElement>(null);
  // Closed by itself, the dialog gives the focus back to the button that opened it.
  const leave = (): void => content.current?.closest('dialog')?.close();
  const title = language.t('tokens.editing', { name: plainText(token.name) });
  return (
    <Dialog label={title} close={close}>
      <div ref={content} class="tokens">
        <h2>{title}</h2>
        <TokenForm
          token={token}
          leave={leave}
          send={async (draft) => {
            const patch = tokenPatchOf(token, draft, timing.now());
            const isDone = await act(() => api.changeToken(token.id, patch));
            if (isDone) {
              changed();
              leave();
            }
            return isDone;
          }}
        />
        <Trouble text={trouble} />
        <p class="hint">{language.t('tokens.editHint')}</p>
      </div>
    </Dialog>
  );
}
