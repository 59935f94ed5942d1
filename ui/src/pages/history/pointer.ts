import { Store } from '@/data/store';

/** The moment under the pointer, for everything on the page that shows the same time; null: the pointer is elsewhere. */
export const pointedAt = new Store<number | null>(null);

/** Of a chart's lines, in their order. */
export const PALETTE = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6'];
