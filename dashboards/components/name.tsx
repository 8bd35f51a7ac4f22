/** A name that came from outside: as text, in its own direction, on one line, never wider than its place. */
import { plainText } from '../format/text.ts';

export function Name({ text, class: className = '' }: { readonly text: string; readonly class?: string }) {
  const plain = plainText(text);
  return (
    <bdi class={`name ${className}`} title={plain}>
      {plain}
    </bdi>
  );
}
