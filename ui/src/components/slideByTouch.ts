/**
 * A slider under a finger, in what can be scrolled: going up or down scrolls and changes nothing, sideways moves the slider, a tap sets it.
 *
 * The widgets' library takes the first touch of a track for its new value, so touches are kept from it; mouse, pen and keys are its own.
 * The element wants `touch-action: pan-y`.
 */

import { type MouseEvent, type PointerEvent, type TouchEvent, useRef } from 'react';
import { MEANT, type Scale, valueAt } from './level';

/** After a touch browsers tell of a mouse that there is not. */
const ECHO_MS = 1000;

interface Given {
  scale: Scale;
  off: boolean;
  onMove: (value: number) => void;
  onEnd: (value: number) => void;
  onCancel: () => void;
}

export function useSlideByTouch({ scale, off, onMove, onEnd, onCancel }: Given) {
  const finger = useRef<{ id: number; x: number; y: number; slides: boolean } | null>(null);
  const touched = useRef(-Infinity);
  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return valueAt((event.clientX - box.left) / box.width, scale);
  };
  return {
    onTouchStartCapture: (event: TouchEvent) => event.stopPropagation(),
    onMouseDownCapture: (event: MouseEvent) => {
      if (event.timeStamp - touched.current < ECHO_MS) event.stopPropagation();
    },
    onPointerDownCapture: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType !== 'touch') return;
      touched.current = event.timeStamp;
      event.stopPropagation();
      if (!off && finger.current === null) finger.current = { id: event.pointerId, x: event.clientX, y: event.clientY, slides: false };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const now = finger.current;
      if (now?.id !== event.pointerId) return;
      if (!now.slides && Math.abs(event.clientX - now.x) < MEANT) return;
      if (!now.slides) event.currentTarget.setPointerCapture(event.pointerId);
      now.slides = true;
      onMove(at(event));
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const now = finger.current;
      if (now?.id !== event.pointerId) return;
      touched.current = event.timeStamp;
      finger.current = null;
      // Up or down where nothing can be scrolled is no tap either.
      if (now.slides || Math.abs(event.clientY - now.y) < MEANT) onEnd(at(event));
    },
    onPointerCancel: (event: PointerEvent<HTMLElement>) => {
      if (finger.current?.id !== event.pointerId) return;
      if (finger.current.slides) onCancel();
      finger.current = null;
    },
  };
}
