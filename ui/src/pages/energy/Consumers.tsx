/** What used the electricity: by device or by area, the largest first. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Card, Tabs } from '@/components';
import { EntityLink } from '@/components/EntityLink';
import { useSession } from '@/data';
import styles from './Energy.module.css';
import { changeOf, kwh, money } from './units';
import type { Report } from './useEnergy';

interface Item {
  id: string;
  name: string;
  total: number;
  cost: number | null;
  part?: string | undefined;
  entityId?: string | undefined;
}

const SHOWN = 12;

function itemsOf(report: Report, kind: 'devices' | 'areas', words: { nowhere: string; rest: string; name: (id: string) => string }): Item[] {
  // A device without a name has its id in its place.
  const names = new Map(report.devices.map((device) => [device.statistic_id, device.name === device.statistic_id ? words.name(device.name) : device.name]));
  const items: Item[] =
    kind === 'devices'
      ? report.devices.map((each) => ({ id: each.statistic_id, name: names.get(each.statistic_id) ?? each.name, total: each.total, cost: each.cost, part: each.included_in_stat ? names.get(each.included_in_stat) : undefined, entityId: each.statistic_id }))
      : report.areas.map((each) => ({ id: each.area_id ?? '', name: each.name ?? words.nowhere, total: each.total, cost: each.cost }));
  items.sort((a, b) => b.total - a.total);
  const { untracked, untracked_cost: cost } = report.home;
  return untracked !== null && untracked > 0.005 ? [...items, { id: ' rest', name: words.rest, total: untracked, cost }] : items;
}

export function Consumers({ report, before, name }: { report: Report; before: Report | undefined; name: (id: string) => string }) {
  const { t } = useTranslation('energy');
  const words = { nowhere: t('consumers.nowhere'), rest: t('consumers.rest'), name };
  const list = (kind: 'devices' | 'areas') => <Rows items={itemsOf(report, kind, words)} before={before ? itemsOf(before, kind, words) : null} currency={report.currency} />;
  return (
    <Card title={t('consumers.title')}>
      <Tabs
        label={t('consumers.title')}
        tabs={[
          { id: 'devices', label: t('consumers.devices'), content: list('devices') },
          { id: 'areas', label: t('consumers.areas'), content: list('areas') },
        ]}
      />
    </Card>
  );
}

function Rows({ items, before, currency }: { items: readonly Item[]; before: readonly Item[] | null; currency: string }) {
  const { t, i18n } = useTranslation('energy');
  const { entities } = useSession();
  const [all, setAll] = useState(false);
  const shown = all ? items : items.slice(0, SHOWN);
  const most = Math.max(0.001, ...items.map((item) => item.total), ...(before ?? []).map((item) => item.total));
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'always' });
  return (
    <>
      <ul className={styles.consumers}>
        {shown.map((item) => {
          const earlier = before?.find((each) => each.id === item.id)?.total;
          const change = changeOf(item.total, earlier);
          const open = item.entityId && entities.get(item.entityId) ? item.entityId : null;
          return (
            <li key={item.id}>
              <span className={styles.consumer}>
                {open ? (
                  <EntityLink quiet entityId={open}>
                    {item.name}
                  </EntityLink>
                ) : (
                  item.name
                )}
                {item.part && <small>{t('consumers.partOf', { name: item.part })}</small>}
              </span>
              <span className={styles.track} aria-hidden="true">
                {earlier !== undefined && <i className={styles.trackBefore} style={{ width: `${(earlier / most) * 100}%` }} />}
                <i className={item.id === ' rest' ? styles.trackRest : styles.trackNow} style={{ width: `${(item.total / most) * 100}%` }} />
              </span>
              <span className={styles.figure}>
                {kwh(item.total, i18n.language)}
                <small>{[item.cost === null ? '' : money(item.cost, currency, i18n.language), change === null ? '' : percent.format(change)].filter(Boolean).join(' · ')}</small>
              </span>
            </li>
          );
        })}
      </ul>
      {items.length > SHOWN && (
        <Button kind="ghost" onPress={() => setAll(!all)}>
          {t(all ? 'consumers.fewer' : 'consumers.all', { count: items.length })}
        </Button>
      )}
    </>
  );
}
