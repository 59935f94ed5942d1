import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { formatNumber, formatTime } from '@/data/words';
import { numberOf, textOf } from './_controls/control';
import { Facts } from './_controls/parts';

const TIMES = ['next_rising', 'next_setting', 'next_dawn', 'next_dusk', 'next_noon', 'next_midnight'] as const;

export default function SunControls({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const at = (attribute: string) => {
    const time = Date.parse(textOf(entity, attribute) ?? '');
    return Number.isNaN(time) ? null : time;
  };
  const degrees = (attribute: string) => {
    const value = numberOf(entity, attribute);
    return value === null ? null : `${formatNumber(value, i18n.language, { max: 1 })}°`;
  };
  const times = TIMES.map((name) => [name, at(name)] as const).sort((a, b) => (a[1] ?? Infinity) - (b[1] ?? Infinity));
  return (
    <Facts
      facts={[
        ...times.map(([name, time]) => [t(`sun.${name}`), time === null ? null : formatTime(time, i18n.language)] as const),
        [t('sun.elevation'), degrees('elevation')],
        [t('sun.azimuth'), degrees('azimuth')],
      ]}
    />
  );
}
