/**
 * A slider for cards: thin, without a thumb, safe to scroll over.
 *
 * A finger that goes up or down scrolls the page and changes nothing; one that goes sideways moves it; a tap sets it.
 * What is chosen is told once, at the end: when the finger or the mouse is lifted, or a moment after the last key.
 */

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { keyed, MEANT, type Scale, shareOf, valueAt } from './level';
import styles from './LevelSlider.module.css';

interface Props {
  label: string;
  /** null: nobody knows it. */
  value: number | null;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  /** The value in words. */
  format: (value: number) => string;
  disabled?: boolean;
  /** CSS colour. */
  color?: string;
  /** Show the value also while nothing moves. */
  showValue?: boolean;
}

/** How long after the last key the value is told. */
const KEY_PAUSE_MS = 500;

export function LevelSlider({ label, value, onChange, min = 0, max = 100, step = 1, format, disabled = false, color, showValue = false }: Props) {
  const scale: Scale = { min, max, step };
  const [draft, setDraft] = useState<number | null>(null);
  const drag = useRef<{ id: number; x: number; y: number; moved: boolean } | null>(null);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  const told = useRef(onChange);
  useEffect(() => {
    told.current = onChange;
  });
  useEffect(() => () => clearTimeout(pause.current), []);
  const shown = draft ?? value ?? min;

  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return valueAt((event.clientX - box.left) / box.width, scale);
  };
  const tell = (next: number) => {
    clearTimeout(pause.current);
    setDraft(null);
    if (next !== value) told.current(next);
  };
  const down = (event: PointerEvent<HTMLElement>) => {
    if (disabled || event.button !== 0) return;
    const mouse = event.pointerType === 'mouse';
    drag.current = { id: event.pointerId, x: event.clientX, y: event.clientY, moved: mouse };
    if (mouse) {
      event.currentTarget.setPointerCapture(event.pointerId);
      setDraft(at(event));
    }
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const now = drag.current;
    if (!now || now.id !== event.pointerId) return;
    if (!now.moved && Math.abs(event.clientX - now.x) < MEANT) return;
    if (!now.moved) event.currentTarget.setPointerCapture(event.pointerId);
    now.moved = true;
    setDraft(at(event));
  };
  const up = (event: PointerEvent<HTMLElement>) => {
    const now = drag.current;
    if (now?.id !== event.pointerId) return;
    drag.current = null;
    // Up or down where nothing can be scrolled is no tap either.
    if (now.moved || Math.abs(event.clientY - now.y) < MEANT) tell(at(event));
  };
  const cancel = () => {
    drag.current = null;
    clearTimeout(pause.current);
    setDraft(null);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && draft !== null) {
      event.preventDefault();
      cancel();
      return;
    }
    const next = disabled || event.altKey || event.ctrlKey || event.metaKey ? null : keyed(event.key, shown, scale);
    if (next === null) return;
    event.preventDefault();
    setDraft(next);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => tell(next), KEY_PAUSE_MS);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={shown}
      aria-valuetext={format(shown)}
      aria-disabled={disabled}
      className={`${styles.slider} ${draft === null ? '' : styles.moving} ${showValue ? styles.always : ''}`}
      style={color ? { ['--level' as string]: color } : {}}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={cancel}
      onKeyDown={key}
      onBlur={() => draft !== null && !drag.current && tell(draft)}
    >
      <span className={styles.fill} style={{ width: `${shareOf(shown, scale) * 100}%` }} />
      <span className={`${styles.value} ${shareOf(shown, scale) < 0.5 ? styles.end : ''}`} aria-hidden="true">{value === null && draft === null ? '–' : format(shown)}</span>
    </div>
  );
}
