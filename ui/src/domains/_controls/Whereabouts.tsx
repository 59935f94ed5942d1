import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { formatNumber } from '@/data/words';
import { numberOf, textOf } from './control';
import { Facts } from './parts';

/** Where somebody or something is, as far as it is known. */
export function Whereabouts({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const [latitude, longitude, accuracy, battery] = ['latitude', 'longitude', 'gps_accuracy', 'battery'].map((name) => numberOf(entity, name)) as (number | null)[];
  const number = (value: number) => formatNumber(value, i18n.language, { max: 5 });
  const source = textOf(entity, 'source_type');
  return (
    <Facts
      facts={[
        [t('where.place'), latitude == null || longitude == null ? null : `${number(latitude)}, ${number(longitude)}`],
        [t('where.accuracy'), accuracy == null ? null : `${number(accuracy)} m`],
        [t('battery'), battery == null ? null : `${number(battery)} %`],
        [t('where.source'), source && ['gps', 'router', 'bluetooth', 'bluetooth_le'].includes(source) ? t(`where.sources.${source}`) : source],
      ]}
    />
  );
}
