/** What a map shows, and how it is moved: by mouse, fingers and keys. */

import { type KeyboardEvent, type PointerEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { fit, fromScreen, type Length, moved, type Point, roundLength, type Size, type View, zoomed } from './geo';

const KEY_STEP = 60;
const ZOOM_STEP = 1;
/** Pixels from which a press is a move. */
const MEANT = 5;
const WHEEL = 0.0025;
/** Where nothing is known. */
const WORLD: View = { latitude: 20, longitude: 10, zoom: 1 };

interface Given {
  circles: readonly (Point & { radius: number })[];
  /** As near as it goes by itself. */
  nearest: number;
  /** A place was pressed. */
  onPick?: ((place: Point) => void) | undefined;
}

export interface MapMoves {
  size: Size;
  view: View;
  /** Nobody has moved it: it follows what there is to see. */
  following: boolean;
  zoom: (by: number) => void;
  follow: () => void;
  look: (view: View) => void;
  handlers: {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  };
}

export function useMapView(place: RefObject<HTMLElement | null>, { circles, nearest, onPick }: Given): MapMoves {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [own, setOwn] = useState<View | null>(null);
  const key = JSON.stringify(circles);
  const fitted = useMemo(() => fit(JSON.parse(key) as typeof circles, size, nearest) ?? WORLD, [key, size, nearest]);
  const view = own ?? fitted;
  const latest = useRef({ view, size });
  useEffect(() => {
    latest.current = { view, size };
  });
  const change = useCallback((make: (view: View, size: Size) => View) => setOwn((before) => make(before ?? latest.current.view, latest.current.size)), []);

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setSize({ width: entry.contentRect.width, height: entry.contentRect.height }));
    observer.observe(element);
    // React listens to the wheel passively, where a page cannot be kept from scrolling.
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !element.contains(document.activeElement)) return; // whoever only scrolls by
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const by = -event.deltaY * (event.deltaMode === 1 ? 20 : 1) * WHEEL * (event.ctrlKey ? 3 : 1);
      change((now, room) => zoomed(now, by, { x: event.clientX - box.left, y: event.clientY - box.top }, room));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', wheel);
    };
  }, [place, change]);

  // Who chooses a place keeps what is in view.
  const choose = (at: Point) => {
    setOwn(view);
    onPick?.(at);
  };
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const press = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const where = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const lift = (event: PointerEvent<HTMLElement>) => {
    fingers.current.delete(event.pointerId);
    if (fingers.current.size === 0) press.current = null;
  };
  return {
    size,
    view,
    following: own === null,
    zoom: (by) => change((now, room) => zoomed(now, by, { x: room.width / 2, y: room.height / 2 }, room)),
    follow: () => setOwn(null),
    look: setOwn,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0 || (event.target as Element).closest('button')) return;
        const at = where(event);
        fingers.current.set(event.pointerId, at);
        press.current = fingers.current.size === 1 ? { ...at, moved: false } : press.current && { ...press.current, moved: true };
      },
      onPointerMove: (event) => {
        const before = fingers.current.get(event.pointerId);
        if (!before || !press.current) return;
        const at = where(event);
        if (!press.current.moved && Math.hypot(at.x - press.current.x, at.y - press.current.y) < MEANT) return;
        if (!press.current.moved) event.currentTarget.setPointerCapture(event.pointerId);
        press.current.moved = true;
        const others = [...fingers.current].filter(([id]) => id !== event.pointerId);
        const other = others[0]?.[1];
        fingers.current.set(event.pointerId, at);
        if (!other) return change((now) => moved(now, at.x - before.x, at.y - before.y));
        const by = Math.log2(Math.max(1, Math.hypot(at.x - other.x, at.y - other.y)) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y)));
        const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
        change((now, room) => zoomed(moved(now, (at.x - before.x) / 2, (at.y - before.y) / 2), by, middle, room));
      },
      onPointerUp: (event) => {
        const pressed = press.current;
        if (onPick && pressed && !pressed.moved && fingers.current.has(event.pointerId)) choose(fromScreen(where(event), view, size));
        lift(event);
      },
      onPointerCancel: lift,
      onKeyDown: (event) => {
        if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
        const step = { ArrowLeft: [KEY_STEP, 0], ArrowRight: [-KEY_STEP, 0], ArrowUp: [0, KEY_STEP], ArrowDown: [0, -KEY_STEP] }[event.key];
        const by = { '+': ZOOM_STEP, '=': ZOOM_STEP, '-': -ZOOM_STEP }[event.key];
        if (step) change((now) => moved(now, step[0]!, step[1]!));
        else if (by) change((now, room) => zoomed(now, by, { x: room.width / 2, y: room.height / 2 }, room));
        else if (event.key === '0' || event.key === 'Home') setOwn(null);
        else if (event.key === 'Enter' && onPick) choose({ latitude: view.latitude, longitude: view.longitude });
        else return;
        event.preventDefault();
      },
    },
  };
}

/** Circles around a place at round distances, as far as they cross what is shown. */
export function ringsOf(middle: { x: number; y: number }, perPixel: number, { width, height }: Size, imperial: boolean): Length[] {
  const apart = roundLength(150 * perPixel, imperial);
  if (apart.metres > 300_000) return [];
  const [dx, dy] = [Math.max(0, -middle.x, middle.x - width), Math.max(0, -middle.y, middle.y - height)];
  const nearest = Math.hypot(dx, dy) * perPixel;
  const farthest = Math.hypot(Math.max(middle.x, width - middle.x), Math.max(middle.y, height - middle.y)) * perPixel;
  const first = Math.max(1, Math.ceil(nearest / apart.metres));
  const last = Math.min(first + 11, Math.floor(farthest / apart.metres));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({ ...apart, metres: apart.metres * (first + index), value: Number((apart.value * (first + index)).toPrecision(6)) }));
}
