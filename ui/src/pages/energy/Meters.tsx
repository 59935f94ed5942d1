import { useTranslation } from 'react-i18next';
import { Card } from '@/components';
import { formatNumber } from '@/data/words';
import styles from './Energy.module.css';
import { money, shownIn } from './units';
import type { Report } from './useEnergy';

/** Each meter with what it counted and what that cost. */
export function Meters({ report, volume, name }: { report: Report; volume: string | undefined; name: (id: string) => string }) {
  const { t, i18n } = useTranslation('energy');
  const language = i18n.language;
  return (
    <Card title={t('meters.title')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('meters.meter')}</th>
            <th scope="col" className={styles.roomy}>{t('meters.kind')}</th>
            <th scope="col">{t('meters.amount')}</th>
            <th scope="col">{t('meters.cost')}</th>
          </tr>
        </thead>
        <tbody>
          {report.meters.map((meter) => {
            const shown = meter.type === 'gas' || meter.type === 'water' ? shownIn(meter.type, meter.unit ?? '', volume) : { unit: meter.unit ?? 'kWh', factor: 1 };
            const earned = meter.type === 'grid_out';
            return (
              <tr key={`${meter.type} ${meter.statistic_id}`}>
                <th scope="row">{name(meter.statistic_id)}</th>
                <td className={styles.roomy}>{t(`kinds.${meter.type}`)}</td>
                <td>{`${formatNumber(meter.total * shown.factor, language, { min: 1, max: 1 })}\u00a0${shown.unit}`}</td>
                <td>{meter.cost === null ? '–' : money(earned ? -meter.cost : meter.cost, report.currency, language)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}
