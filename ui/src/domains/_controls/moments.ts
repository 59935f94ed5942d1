/** Moments as the browser's date and time fields write them, in the time of this browser. */

const two = (value: number): string => String(value).padStart(2, '0');

export const dayText = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
export const momentText = (at: Date): string => `${dayText(at)}T${two(at.getHours())}:${two(at.getMinutes())}`;

/** `2026-01-31` some days later. */
export function addDays(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00`);
  at.setDate(at.getDate() + days);
  return dayText(at);
}

/** For `<input type="datetime-local">`; empty when it is no time. */
export function localMoment(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? '' : momentText(at);
}
