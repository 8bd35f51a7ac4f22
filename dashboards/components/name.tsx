/** A name that came from outside: as text, in its own direction, never wider than its place, on one line unless its class is `lines`. */
import { plainText } from '../format/text.ts';

export function Name({ text, class: className = '' }: { readonly text: string; readonly class?: string }) {
  const plain = plainText(text);
  return (
    <bdi class={`name ${className}`} title={plain}>
      {plain}
    </bdi>
  );
}
