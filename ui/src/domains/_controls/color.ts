/** Colours of lights: pure functions. */

export type Rgb = readonly [number, number, number];

/** Hue 0-360 and saturation 0-100 at full brightness. */
export function rgbOf(hue: number, saturation: number): Rgb {
  const part = (offset: number) => {
    const k = (offset + hue / 60) % 6;
    return Math.round(255 * (1 - (saturation / 100) * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return [part(5), part(3), part(1)];
}

export const cssOf = (rgb: readonly number[]): string => `rgb(${rgb.slice(0, 3).join(' ')})`;

/** What white of this temperature looks like on a screen; an approximation that is good enough for a swatch. */
export function rgbOfKelvin(kelvin: number): Rgb {
  const t = Math.min(400, Math.max(10, kelvin / 100));
  const byte = (value: number) => Math.round(Math.min(255, Math.max(0, value)));
  const red = t <= 66 ? 255 : 329.7 * (t - 60) ** -0.1332;
  const green = t <= 66 ? 99.47 * Math.log(t) - 161.12 : 288.12 * (t - 60) ** -0.0755;
  const blue = t >= 66 ? 255 : t <= 19 ? 0 : 138.52 * Math.log(t - 10) - 305.04;
  return [byte(red), byte(green), byte(blue)];
}

/** A CSS gradient over a range of white. */
export function kelvinGradient(min: number, max: number): string {
  const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => cssOf(rgbOfKelvin(min + share * (max - min))));
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

const COLOUR_MODES = ['hs', 'xy', 'rgb', 'rgbw', 'rgbww'];

export const hasColour = (modes: readonly string[]): boolean => modes.some((mode) => COLOUR_MODES.includes(mode));
export const hasBrightness = (modes: readonly string[]): boolean => modes.some((mode) => mode !== 'onoff' && mode !== 'unknown');
export const hasKelvin = (modes: readonly string[]): boolean => modes.includes('color_temp');
