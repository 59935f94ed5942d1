/** What is shown, as a table for other programs. */

import type { Courses } from './courses';
import type { StatisticRow } from './grouping';

/** A value as RFC 4180 wants it; one that a spreadsheet would run as a formula becomes a text. */
export function csvValue(value: string | number | null | undefined): string {
  if (value == null) return '';
  let text = String(value);
  if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text))) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function historyCsv(courses: Courses, statistics: Readonly<Record<string, readonly StatisticRow[]>>): string {
  const withRows = Object.keys(statistics).length > 0;
  const lines = [withRows ? 'entity_id,state,last_changed,mean,min,max' : 'entity_id,state,last_changed'];
  for (const [id, samples] of courses) {
    if (statistics[id]?.length) continue;
    for (const sample of samples) lines.push(`${[id, sample.state, new Date(sample.at).toISOString()].map(csvValue).join(',')}${withRows ? ',,,' : ''}`);
  }
  for (const [id, rows] of Object.entries(statistics)) {
    for (const row of rows) lines.push([id, row.state ?? '', new Date(row.start).toISOString(), row.mean, row.min, row.max].map(csvValue).join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}
