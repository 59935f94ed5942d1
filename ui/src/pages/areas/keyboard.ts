/** What is dragged onto: by the pointer what is under it; with the keyboard an area jumps from place to place (left, right) and from floor to floor (up, down). */

import { type CollisionDetection, type KeyboardCoordinateGetter, pointerWithin } from '@dnd-kit/core';
import { overArea } from './grouping';

const STEPS: Record<string, [kind: string, step: number]> = {
  ArrowLeft: ['area:', -1], ArrowRight: ['area:', 1], ArrowUp: ['floor:', -1], ArrowDown: ['floor:', 1],
};

export class Chooser {
  /** What the keyboard points at; null: nothing yet, or the pointer drags. */
  private chosen: string | null = null;

  readonly begin = (): void => {
    this.chosen = null;
  };

  /** An area before the floor around it. */
  readonly under: CollisionDetection = (given) => {
    if (!given.pointerCoordinates) return this.chosen === null ? [] : [{ id: this.chosen }];
    const found = pointerWithin(given);
    const area = found.find(({ id }) => String(id).startsWith('area:'));
    return area ? [area] : found;
  };

  readonly step: KeyboardCoordinateGetter = (event, { currentCoordinates, context }) => {
    const [kind, step] = STEPS[event.code] ?? [];
    if (!kind || !step) return undefined;
    event.preventDefault();
    const at = this.chosen ?? overArea(String(context.active?.id));
    const rects = [...context.droppableRects].map(([id, rect]) => ({ id: String(id), rect }));
    const places = rects.filter(({ id }) => id.startsWith(kind)).sort((a, b) => a.rect.top - b.rect.top || a.rect.left - b.rect.left);
    const own = rects.find(({ id }) => id === at)?.rect;
    const now = places.findIndex(({ id }) => id === at);
    // From an area to floors: its own one is where it stands. From a floor to areas: the last above it.
    const inside = own ? places.findLastIndex(({ rect }) => rect.top <= own.top + own.height / 2) : 0;
    const next = places[Math.max(0, Math.min(places.length - 1, (now >= 0 ? now : inside) + step))];
    if (!next) return currentCoordinates;
    this.chosen = next.id;
    return { x: next.rect.left + 12, y: next.rect.top + 12 };
  };
}
