import { afterEach, describe, expect, it } from 'vitest';
import { CalendarDate } from '@internationalized/date';
import { middleSquare } from '@/components/picture';
import { type Formats, readFormats, setFormats } from './formats';
import { formatNumber, formatTime } from './words';
import { firstDate } from './zoned';

const wish = (some: Partial<Formats>) => setFormats({ ...readFormats(null), ...some });
const AT = Date.UTC(2026, 10, 21, 15, 5);

afterEach(() => wish({}));

describe('what a user wishes', () => {
  it('is read from what any front end has stored', () => {
    expect(readFormats({ language: 'de', number_format: 'decimal_comma', time_format: '24', date_format: 'upside down', time_zone: 'local' })).toEqual({ number_format: 'decimal_comma', time_format: '24', date_format: 'language', first_weekday: 'language' });
    expect(readFormats('nonsense').time_format).toBe('language');
  });

  it('is how numbers are written', () => {
    const written = (number_format: Formats['number_format']) => {
      wish({ number_format });
      return formatNumber(12_345.5, 'en').replace(/\s/g, ' ');
    };
    expect(['language', 'comma_decimal', 'decimal_comma', 'space_comma', 'quote_decimal', 'none'].map((each) => written(each as Formats['number_format']))).toEqual(['12,345.5', '12,345.5', '12.345,5', '12 345,5', expect.stringMatching(/12.345\.5/), '12345.5']);
  });

  it('is how times and dates are written', () => {
    wish({ time_format: '24' });
    expect(formatTime(AT, 'en', 'time', 'UTC')).toBe('15:05');
    wish({ time_format: '12' });
    expect(formatTime(AT, 'de', 'time', 'UTC')).toMatch(/3:05\sPM/);
    wish({ date_format: 'DMY' });
    expect(formatTime(AT, 'de', 'date', 'UTC')).toBe('21.11.2026');
    expect(formatTime(AT, 'en', 'date', 'UTC')).toBe('21/11/2026');
    wish({ date_format: 'YMD', time_format: '24' });
    expect(formatTime(AT, 'en', 'both', 'UTC')).toBe('2026-11-21, 15:05');
  });

  it('is the day with which weeks begin', () => {
    const saturday = new CalendarDate(2026, 11, 21);
    const begins = (first_weekday: Formats['first_weekday']) => {
      wish({ first_weekday });
      return firstDate(saturday, 'week', 'en-US').toString();
    };
    expect(begins('language')).toBe('2026-11-15');
    expect(begins('monday')).toBe('2026-11-16');
    expect(begins('saturday')).toBe('2026-11-21');
  });
});

describe('a picture', () => {
  it('is cut to the square in its middle', () => {
    expect(middleSquare(400, 300)).toEqual([50, 0, 300]);
    expect(middleSquare(30, 31)).toEqual([0, 1, 30]);
  });
});
