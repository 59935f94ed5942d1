/** What uPlot is told: its own form of the data, colours, the note beside the pointer. No React. */

import uPlot from 'uplot';
import type { Line } from './grouping';

/** Charts that share one crosshair. */
export const SYNC = 'history';

/** Seconds in common, then of each line its values, or (of statistics) highest, lowest and mean. */
export function dataOf(lines: readonly Line[]): uPlot.AlignedData {
  const tables: uPlot.AlignedData[] = lines.map((line) => {
    const main: uPlot.AlignedData = [line.points.map((point) => point[0] / 1000), line.points.map((point) => point[1])];
    if (!line.band) return main;
    const band: uPlot.AlignedData = [line.band.map((row) => row[0] / 1000), line.band.map((row) => row[2]), line.band.map((row) => row[1])];
    return uPlot.join([band, main]);
  });
  if (tables.length === 0) return [[]];
  return tables.length === 1 ? tables[0]! : uPlot.join(tables);
}

/** How many columns a line has in `dataOf`, and which of them is its value. */
export function columnsOf(lines: readonly Line[]): { value: number; band: readonly [number, number] | null }[] {
  let next = 1;
  return lines.map((line) => {
    const first = next;
    next += line.band ? 3 : 1;
    return line.band ? { value: first + 2, band: [first, first + 1] as const } : { value: first, band: null };
  });
}

/** The value that held at a place of a column: its own, or the last before it. */
export function heldAt(column: ArrayLike<number | null | undefined>, index: number): number | null {
  for (let at = Math.min(index, column.length - 1); at >= 0; at -= 1) {
    const value = column[at];
    if (value !== undefined) return value;
  }
  return null;
}

/** A token's colour as the browser has it now: a canvas knows no custom properties. */
export function colorOf(element: Element, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

export function seeThrough(color: string, share: number): string {
  return color.replace(/^rgba?\(([^,]+),([^,]+),([^,)]+).*\)$/, (_all, r: string, g: string, b: string) => `rgba(${r},${g},${b}, ${share})`);
}

export interface NoteRow {
  color: string;
  text: string;
}

/** A note that follows the pointer: the time, and a row for each line. */
export function notePlugin(className: string, write: (chart: uPlot, index: number) => { title: string; rows: NoteRow[] }): uPlot.Plugin {
  const note = document.createElement('div');
  note.className = className;
  note.style.display = 'none';
  return {
    hooks: {
      init: (chart) => void chart.over.append(note),
      setCursor: (chart) => {
        const { left, idx } = chart.cursor;
        const isOver = left !== undefined && left !== null && left >= 0 && idx !== null && idx !== undefined;
        note.style.display = isOver ? '' : 'none';
        if (!isOver) return;
        const { title, rows } = write(chart, idx);
        const head = document.createElement('strong');
        head.textContent = title;
        note.replaceChildren(
          head,
          ...rows.map(({ color, text }) => {
            const row = document.createElement('div');
            const mark = document.createElement('i');
            mark.style.background = color;
            row.append(mark, text);
            return row;
          }),
        );
        const width = chart.over.clientWidth;
        const onRight = left < width / 2;
        note.style.left = onRight ? `${left + 14}px` : '';
        note.style.right = onRight ? '' : `${width - left + 14}px`;
      },
    },
  };
}
