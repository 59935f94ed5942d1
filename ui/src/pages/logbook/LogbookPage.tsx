import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { PageHeader, Select } from '@/components';
import { PeriodPicker } from '@/components/PeriodPicker';
import { TargetPicker } from '@/components/TargetPicker';
import { useAreas, useDevices, useEntityEntries, useEntityIds } from '@/data';
import { choiceFrom, type PeriodChoice, periodOf, withChoice } from '@/data/period';
import { entitiesOf, hasTargets, targetsFrom, withTargets } from '@/data/targets';
import { useZone } from '@/data/zoned';
import { EntryList } from './EntryList';
import styles from './Logbook.module.css';
import { useUsers } from './useUsers';

/** Without a time of its own the logbook is live and goes back without end. */
const ENDLESS: PeriodChoice = { preset: '24h' };

export default function LogbookPage() {
  const { t } = useTranslation('logbook');
  const [params, setParams] = useSearchParams();
  const targets = useMemo(() => targetsFrom(params), [params]);
  const choice = useMemo(() => choiceFrom(params, ENDLESS), [params]);
  const user = params.get('user');
  const users = useUsers();
  const [ids, entries, devices, areas] = [useEntityIds(), useEntityEntries(), useDevices(), useAreas()];
  const entityIds = useMemo(() => (hasTargets(targets) ? entitiesOf(targets, { ids, entries, devices, areas }) : null), [targets, ids, entries, devices, areas]);
  const endless = !params.has('period') && !params.has('start_date');
  const options = [{ value: '', label: t('anybody') }, ...[...users].map(([value, label]) => ({ value, label }))];

  return (
    <>
      <PageHeader title={t('title')} actions={<PeriodPicker value={choice} {...(endless ? { text: t('live') } : {})} onChange={(next) => setParams((current) => withChoice(current, next), { replace: true })} />}>
        <div className={styles.filters}>
          <TargetPicker label={t('pick')} placeholder={t('pickHint')} value={targets} onChange={(next) => setParams((current) => withTargets(current, next), { replace: true })} />
          <Select
            label={t('by')}
            options={options}
            value={user ?? ''}
            onChange={(next) =>
              setParams(
                (current) => {
                  const changed = new URLSearchParams(current);
                  if (next) changed.set('user', next);
                  else changed.delete('user');
                  return changed;
                },
                { replace: true },
              )
            }
          />
        </div>
      </PageHeader>
      <Shown key={JSON.stringify([choice, endless, entityIds])} choice={choice} endless={endless} entityIds={entityIds} user={user} users={users} />
    </>
  );
}

interface ShownProps {
  choice: PeriodChoice;
  endless: boolean;
  entityIds: readonly string[] | null;
  user: string | null;
  users: ReadonlyMap<string, string>;
}

function Shown({ choice, endless, entityIds, user, users }: ShownProps) {
  const zone = useZone();
  const [now] = useState(() => Date.now());
  const wish = useMemo(() => {
    const period = periodOf(choice, now, zone);
    return { entityIds, from: endless ? now : period.from, to: period.live ? null : period.to, endless };
  }, [choice, now, zone, endless, entityIds]);
  return <EntryList wish={wish} user={user} users={users} />;
}
