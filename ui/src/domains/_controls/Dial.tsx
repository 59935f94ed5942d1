/** A round dial for one or two target values: dragged, stepped with buttons, or with the arrow keys. */

import { type PointerEvent, useRef, useState } from 'react';
import { mdiMinus, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/components/Button';
import { MEANT } from '@/components/level';
import { angleOf, arcPath, clamp, pointAt, type Range, snap, START, SWEEP, valueAt, VIEW } from './dialMath';
import styles from './Dial.module.css';

export interface DialTarget {
  id: string;
  label: string;
  value: number | null;
  /** A token's name: `--heat`. */
  tone: string;
}

interface DialProps {
  targets: readonly DialTarget[];
  range: Range;
  /** A mark on the dial: what is measured. */
  current: number | null;
  /** What it does at this time. */
  state: string;
  /** Words below the number. */
  below?: string | undefined;
  format: (value: number) => string;
  disabled: boolean;
  /** Which part of the arc is filled with one target. */
  fill?: 'start' | 'end';
  onChange: (id: string, value: number) => void;
}

export function Dial({ targets, range, current, state, below, format, disabled, fill = 'start', onChange }: DialProps) {
  const { t } = useTranslation('domains');
  const svg = useRef<SVGSVGElement>(null);
  const [moving, setMoving] = useState<{ id: string; value: number } | null>(null);
  const [chosen, setChosen] = useState(targets[0]?.id ?? '');
  const shown = targets.map((target) => ({ ...target, value: moving?.id === target.id ? moving.value : target.value }));
  const active = shown.find((target) => target.id === chosen) ?? shown[0];
  const known = shown.filter((target) => target.value !== null);
  const [low, high] = [known[0]?.value ?? null, known.length > 1 ? (known.at(-1)?.value ?? null) : null];

  const at = (event: PointerEvent): number => {
    const box = svg.current!.getBoundingClientRect();
    return valueAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, range);
  };
  /** Two targets do not pass each other. */
  const bounded = (id: string, value: number): number => {
    if (high === null || low === null) return value;
    return id === known[0]!.id ? Math.min(value, high - range.step) : Math.max(value, low + range.step);
  };
  const nearestTo = (value: number) => known.reduce((a, b) => (Math.abs(b.value! - value) < Math.abs(a.value! - value) ? b : a));
  const take = (event: PointerEvent) => {
    const value = at(event);
    const nearest = nearestTo(value);
    event.currentTarget.setPointerCapture(event.pointerId);
    setChosen(nearest.id);
    setMoving({ id: nearest.id, value: bounded(nearest.id, value) });
  };
  // A finger on the ring may want to scroll: there it means the dial when it goes sideways, or taps. The handles are taken at once.
  const finger = useRef<{ x: number; y: number } | null>(null);
  const press = (event: PointerEvent) => {
    if (disabled || known.length === 0 || event.button !== 0) return;
    if (event.pointerType === 'touch' && !(event.target as Element).closest('[data-handle]')) finger.current = { x: event.clientX, y: event.clientY };
    else take(event);
  };
  const move = (event: PointerEvent) => {
    if (finger.current && Math.abs(event.clientX - finger.current.x) >= MEANT) {
      finger.current = null;
      take(event);
    } else if (moving) setMoving({ id: moving.id, value: bounded(moving.id, at(event)) });
  };
  const lift = (event: PointerEvent) => {
    if (finger.current && Math.abs(event.clientY - finger.current.y) < MEANT) {
      const value = at(event);
      const nearest = nearestTo(value);
      setChosen(nearest.id);
      onChange(nearest.id, bounded(nearest.id, value));
    } else if (moving) onChange(moving.id, moving.value);
    leave();
  };
  const leave = () => {
    finger.current = null;
    setMoving(null);
  };
  const step = (direction: 1 | -1) => {
    if (!active) return;
    const from = active.value ?? current ?? (range.min + range.max) / 2;
    onChange(active.id, bounded(active.id, snap(from + direction * range.step, range)));
  };

  const arc =
    low === null ? null : high !== null ? arcPath(angleOf(low, range), angleOf(high, range)) : fill === 'end' ? arcPath(angleOf(low, range), START + SWEEP) : arcPath(START, angleOf(low, range));
  const mark = current === null ? null : pointAt(angleOf(clamp(current, range.min, range.max), range), 104);
  const tone = { ['--tone' as string]: `var(${(active ?? shown[0])?.tone ?? '--accent'})` };

  return (
    <div>
      <div className={`${styles.dial} ${disabled ? styles.off : ''}`} style={tone}>
        <svg
          ref={svg}
          viewBox={VIEW}
          className={styles.svg}
          aria-hidden="true"
          onPointerDown={press}
          onPointerMove={move}
          onPointerUp={lift}
          onPointerCancel={leave}
        >
          <path className={styles.track} d={arcPath(START, START + SWEEP)} />
          {arc && <path className={styles.arc} d={arc} />}
          <path className={styles.reach} d={arcPath(START, START + SWEEP)} />
          {mark && <circle className={styles.now} cx={mark[0]} cy={mark[1]} r={4} />}
          {known.map((target) => {
            const [x, y] = pointAt(angleOf(target.value!, range));
            return (
              <g key={target.id} data-handle>
                <circle className={styles.handle} cx={x} cy={y} r={14} style={{ stroke: `var(${target.tone})` }} />
                <circle className={styles.grip} cx={x} cy={y} r={26} />
              </g>
            );
          })}
        </svg>
        <div className={styles.inside}>
          <span className={styles.state}>{state}</span>
          <span className={`${styles.value} ${known.length > 1 ? styles.two : ''}`}>{known.length ? known.map((target) => format(target.value!)).join(' – ') : current === null ? '–' : format(current)}</span>
          {below && <span className={styles.current}>{below}</span>}
        </div>
        {known.map((target) => (
          <input
            key={target.id}
            type="range"
            className={styles.range}
            aria-label={target.label}
            aria-valuetext={format(target.value!)}
            min={range.min}
            max={range.max}
            step={range.step}
            value={target.value!}
            disabled={disabled}
            onFocus={() => setChosen(target.id)}
            onChange={(event) => onChange(target.id, bounded(target.id, Number(event.target.value)))}
          />
        ))}
      </div>
      {targets.length > 0 && (
        <div className={styles.buttons}>
          <IconButton kind="secondary" icon={mdiMinus} label={t('lower', { what: active?.label })} isDisabled={disabled} onPress={() => step(-1)} />
          <IconButton kind="secondary" icon={mdiPlus} label={t('raise', { what: active?.label })} isDisabled={disabled} onPress={() => step(1)} />
        </div>
      )}
    </div>
  );
}
