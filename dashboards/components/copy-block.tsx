/** A line for a terminal with a button that copies it. */
import { useState } from 'preact/hooks';
import { useApp } from './context.ts';
import { Icon } from './icons.tsx';

const shownMs = 2000;

export function CopyBlock({ title, text }: { readonly title: string; readonly text: string }) {
  const { language, timing } = useApp();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await copyText(text);
    setCopied(true);
    timing.after(shownMs, () => setCopied(false));
  };
  return (
    <figure class="copy-block">
      <figcaption>{title}</figcaption>
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <button type="button" class="button small" onClick={() => void copy()}>
        <Icon name={copied ? 'check' : 'copy'} />
        <span aria-live="polite">{language.t(copied ? 'copied' : 'copy')}</span>
      </button>
    </figure>
  );
}

/** The clipboard API needs a secure context; a hub on the local network is often plain http. */
async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) return await navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
