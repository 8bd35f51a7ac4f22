/** The button of a control: acts at once, or when it is held where that is dangerous. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useApp } from './context.ts';
import { Hold } from './hold.ts';
import type { HoldState } from './hold.ts';

interface ActButtonProps extends Omit<JSX.IntrinsicElements['button'], 'onClick' | 'children' | 'class'> {
  readonly class: string;
  readonly dangerous: boolean | undefined;
  readonly act: () => void;
  readonly children: ComponentChildren;
}

export function ActButton({ dangerous, act, children, class: className, ...rest }: ActButtonProps) {
  const { language } = useApp();
  const [state, listeners] = useHold(act);
  if (dangerous !== true)
    return (
      <button type="button" {...rest} class={className} onClick={act}>
        {children}
      </button>
    );
  return (
    <span class="hold">
      <span class="hold-words" role="status">
        {language.t(state === 'armed' ? 'control.pressAgain' : 'control.hold')}
      </span>
      <button type="button" {...rest} {...listeners} class={`${className} hold-button hold-${state}`}>
        {children}
      </button>
    </span>
  );
}

function useHold(act: () => void): [HoldState, JSX.IntrinsicElements['button']] {
  const { timing } = useApp();
  const [state, setState] = useState<HoldState>('idle');
  const latest = useRef(act);
  latest.current = act;
  const hold = useMemo(() => new Hold({ timing, act: () => latest.current(), tell: setState }), [timing]);
  useEffect(() => () => hold.close(), [hold]);
  return [
    state,
    {
      onPointerDown: (event) => event.button === 0 && hold.press(),
      onPointerUp: () => hold.release(),
      onPointerLeave: () => hold.release(),
      onPointerCancel: () => hold.release(),
      onKeyDown: (event) => isKey(event) && hold.press(),
      onKeyUp: (event) => isKey(event) && hold.release(),
      onBlur: () => hold.release(),
      onContextMenu: (event) => event.preventDefault(),
      onClick: () => hold.click(),
    },
  ];
}

function isKey({ key }: KeyboardEvent): boolean {
  return key === 'Enter' || key === ' ';
}
