import { mdiCashMultiple, mdiHomeLightningBoltOutline, mdiShieldSunOutline, mdiSolarPower } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/components';
import type { CalendarUnit } from '@/data/zoned';
import styles from './Energy.module.css';
import { consumed, selfSufficiency, selfUse } from './flows';
import { changeOf, kwh, money } from './units';
import type { Energy, Report } from './useEnergy';

interface Props {
  energy: Energy;
  before: Energy | null;
  has: { solar: boolean; battery: boolean; grid: boolean };
  unit: CalendarUnit;
}

/** What was paid less what was earned; null: nothing is known of either. */
export function costOf(report: Report | undefined): number | null {
  if (!report) return null;
  const { cost, compensation, gas, water } = report.home;
  const paid = [cost, gas?.cost ?? null, water?.cost ?? null].filter((each) => each !== null);
  if (paid.length === 0 && compensation === null) return null;
  return paid.reduce((sum, each) => sum + each, 0) - (compensation ?? 0);
}

export function Tiles({ energy, before, has, unit }: Props) {
  const { t, i18n } = useTranslation('energy');
  const language = i18n.language;
  const percent = (share: number) => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
  const used = consumed(energy.total);
  const [own, kept] = [selfSufficiency(energy.total), selfUse(energy.total)];
  const cost = costOf(energy.report);
  const solar = energy.total.solarToHome + energy.total.solarToGrid + energy.total.solarToBattery;
  const solarBefore = before && before.total.solarToHome + before.total.solarToGrid + before.total.solarToBattery;
  const ownBefore = before ? selfSufficiency(before.total) : null;
  const compared = (change: number | null, good: 'less' | 'more') => {
    if (!before || change === null) return null;
    const isGood = good === 'less' ? change <= 0 : change >= 0;
    if (Math.abs(change) < 0.005) return { text: t('than.same', { earlier: t(`earlier.${unit}`) }), isGood: null };
    return { text: t(change >= 0 ? 'than.more' : 'than.less', { share: percent(Math.abs(change)), earlier: t(`earlier.${unit}`) }), isGood };
  };
  const tiles = [
    ...(has.grid || has.solar ? [{ id: 'used', icon: mdiHomeLightningBoltOutline, title: t('tiles.used'), value: kwh(used, language), note: compared(changeOf(used, before && consumed(before.total)), 'less') }] : []),
    ...(has.solar ? [{ id: 'solar', icon: mdiSolarPower, title: t('tiles.solar'), value: kwh(solar, language), note: compared(changeOf(solar, solarBefore), 'more') ?? (kept === null ? null : { text: t('tiles.kept', { share: percent(kept) }), isGood: null }) }] : []),
    ...(own !== null && (has.solar || has.battery) ? [{ id: 'own', icon: mdiShieldSunOutline, title: t('tiles.own'), value: percent(own), note: ownBefore === null ? null : { text: t('tiles.ownBefore', { share: percent(ownBefore), earlier: t(`earlier.${unit}`) }), isGood: own >= ownBefore } }] : []),
    ...(cost === null || !energy.report ? [] : [{ id: 'cost', icon: mdiCashMultiple, title: t(cost < 0 ? 'tiles.earned' : 'tiles.cost'), value: money(Math.abs(cost), energy.report.currency, language), note: compared(changeOf(cost, costOf(before?.report)), 'less') }]),
  ];
  return (
    <dl className={styles.tiles}>
      {tiles.map((tile) => (
        <div key={tile.id} className={styles.tile}>
          <Icon path={tile.icon} size={26} />
          <dt>{tile.title}</dt>
          <dd>
            <strong>{tile.value}</strong>
            {tile.note && <span className={tile.note.isGood === null ? styles.plain : tile.note.isGood ? styles.good : styles.bad}>{tile.note.text}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
