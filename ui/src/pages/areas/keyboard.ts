/** With the keyboard an area jumps from floor to floor. */

import type { KeyboardCoordinateGetter } from '@dnd-kit/core';

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export const nextFloor: KeyboardCoordinateGetter = (event, { currentCoordinates, context }) => {
  const step = STEPS[event.code];
  if (!step) return undefined;
  event.preventDefault();
  const places = [...context.droppableRects].filter(([id]) => context.droppableContainers.get(id)).sort(([, a], [, b]) => a.top - b.top);
  const now = places.findIndex(([id]) => id === context.over?.id);
  const next = places[Math.max(0, Math.min(places.length - 1, now + step))]?.[1];
  return next ? { x: next.left + 12, y: next.top + 12 } : currentCoordinates;
};
