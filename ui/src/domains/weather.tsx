import { useState } from 'react';
import { mdiWeatherPartlyCloudy } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { NamedIcon } from '@/components/Icon';
import { Skeleton } from '@/components/Skeleton';
import { clockLocale } from '@/data/formats';
import { useSession, useSubscription } from '@/data/hooks';
import { useStore } from '@/data/store';
import type { Entity } from '@/data/types';
import { formatNumber, useAttributeWords, useStateWords } from '@/data/words';
import { useZone } from '@/data/zoned';
import { has, numberOf, textOf } from './_controls/control';
import { Choices, Facts, Note, Stack } from './_controls/parts';
import styles from './weather.module.css';

interface Forecast {
  datetime: string;
  condition?: string;
  temperature?: number | null;
  templow?: number | null;
  precipitation_probability?: number | null;
  is_daytime?: boolean;
}

const KINDS = [
  ['daily', 1],
  ['hourly', 2],
  ['twice_daily', 4],
] as const;
type Kind = (typeof KINDS)[number][0];
const BEARINGS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

function Forecasts({ entity, kind }: { entity: Entity; kind: Kind }) {
  const { t, i18n } = useTranslation('domains');
  const icons = useStore(useSession().icons).weather?._?.state ?? {};
  const states = useStateWords();
  const timeZone = useZone();
  const [forecast, setForecast] = useState<readonly Forecast[] | null>(null);
  const error = useSubscription<{ forecast: Forecast[] | null }>({ type: 'weather/subscribe_forecast', entity_id: entity.entity_id, forecast_type: kind }, (event) => setForecast(event.forecast ?? []));
  if (error) return <Note>{error.message}</Note>;
  if (!forecast) return <Skeleton height={150} radius="var(--radius-m)" />;
  if (forecast.length === 0) return <Note>{t('weather.none')}</Note>;
  const day = new Intl.DateTimeFormat(clockLocale(i18n.language), kind === 'hourly' ? { hour: 'numeric', timeZone } : { weekday: 'short', day: 'numeric', timeZone });
  const degrees = (value: number) => `${formatNumber(value, i18n.language, { max: 0 })}°`;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways, with the arrow keys too
    <ol className={styles.days} aria-label={t(`weather.${kind}`)} tabIndex={0}>
      {forecast.map((each) => (
        <li key={each.datetime + String(each.is_daytime)} className={styles.day}>
          <span className={styles.when}>
            {day.format(new Date(each.datetime))}
            {each.is_daytime === false && ` · ${t('weather.night')}`}
          </span>
          <NamedIcon name={icons[each.condition ?? ''] ?? 'mdi:weather-partly-cloudy'} fallback={mdiWeatherPartlyCloudy} size={32} label={each.condition ? states(entity, each.condition) : ''} />
          {each.temperature != null && <span className={styles.high}>{degrees(each.temperature)}</span>}
          {each.templow != null && <span className={styles.low}>{degrees(each.templow)}</span>}
          {each.precipitation_probability != null && <span className={styles.rain}>{t('weather.rain', { percent: each.precipitation_probability })}</span>}
        </li>
      ))}
    </ol>
  );
}

export default function WeatherControls({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const words = useAttributeWords();
  const kinds = KINDS.filter(([, bit]) => has(entity, bit)).map(([kind]) => kind);
  const [chosen, setChosen] = useState<Kind | null>(null);
  const kind = chosen ?? kinds[0];
  const value = (attribute: string, unit: string | null) => {
    const number = numberOf(entity, attribute);
    return number === null ? null : `${formatNumber(number, i18n.language)}${unit ? ` ${unit}` : ''}`;
  };
  const bearing = numberOf(entity, 'wind_bearing');
  const direction = bearing === null ? textOf(entity, 'wind_bearing') : t(`weather.bearing.${BEARINGS[Math.round(bearing / 45) % 8]}`);
  const wind = value('wind_speed', textOf(entity, 'wind_speed_unit'));
  return (
    <Stack>
      <Facts
        facts={[
          [words.name(entity, 'temperature'), value('temperature', textOf(entity, 'temperature_unit'))],
          [words.name(entity, 'apparent_temperature'), value('apparent_temperature', textOf(entity, 'temperature_unit'))],
          [words.name(entity, 'humidity'), value('humidity', '%')],
          [words.name(entity, 'wind_speed'), wind && [wind, direction].filter(Boolean).join(' · ')],
          [words.name(entity, 'pressure'), value('pressure', textOf(entity, 'pressure_unit'))],
          [words.name(entity, 'visibility'), value('visibility', textOf(entity, 'visibility_unit'))],
          [words.name(entity, 'uv_index'), value('uv_index', null)],
          [words.name(entity, 'cloud_coverage'), value('cloud_coverage', '%')],
        ]}
      />
      {kinds.length > 1 && <Choices label={t('weather.forecast')} choices={kinds.map((each) => ({ value: each, label: t(`weather.${each}`) }))} value={kind ?? null} onChange={(next) => setChosen(next as Kind)} />}
      {kind && <Forecasts key={kind} entity={entity} kind={kind} />}
    </Stack>
  );
}
