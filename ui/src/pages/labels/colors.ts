/** The names that the server knows for colours, and how they look. */

export const COLORS: Readonly<Record<string, string>> = {
  red: '#d32f2f', pink: '#d81b60', purple: '#8e24aa', 'deep-purple': '#5e35b1', indigo: '#3949ab', blue: '#1e88e5', 'light-blue': '#039be5', cyan: '#00acc1',
  teal: '#00897b', green: '#43a047', 'light-green': '#7cb342', lime: '#c0ca33', yellow: '#fdd835', amber: '#ffb300', orange: '#fb8c00', 'deep-orange': '#f4511e',
  brown: '#6d4c41', grey: '#757575', 'blue-grey': '#546e7a', black: '#000000', white: '#ffffff', 'dark-grey': '#606060', 'light-grey': '#bdbdbd',
  primary: 'var(--accent)', accent: 'var(--active)', disabled: 'var(--surface-3)', inactive: 'var(--line-strong)',
};

/** CSS of a label's colour; null: it has none. */
export function colorOf(color: string | null): string | null {
  if (!color) return null;
  return COLORS[color] ?? (/^#[0-9a-f]{6}$/i.test(color) ? color : null);
}
