import type { Modifier } from '@dnd-kit/core';

/** What is dragged goes up and down, not aside. */
export const restrictToVerticalAxis: Modifier = ({ transform }) => ({ ...transform, x: 0 });
