import { useMemo, useState } from 'react';
import { mdiChartBar, mdiDeleteOutline, mdiRefresh } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Chip, type Column, ConfirmDialog, DataTable, EmptyState, FilterChip, SearchField, Skeleton } from '@/components';
import { asApiError, useCommand, useSession } from '@/data';
import { nameOf } from '@/data/words';
import styles from '../Tools.module.css';
import { StatisticDialog } from './StatisticDialog';
import type { Issue, Statistic } from './statistics';

const keyOf = (row: Statistic) => row.statistic_id;

export default function StatisticsTab() {
  const { t } = useTranslation('developer-tools');
  const session = useSession();
  const list = useCommand<Statistic[]>('recorder/list_statistic_ids');
  const checked = useCommand<Record<string, Issue[]>>('recorder/validate_statistics');
  const [filter, setFilter] = useState('');
  const [onlyIssues, setOnlyIssues] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<Statistic | null>(null);
  const [clearing, setClearing] = useState(false);
  const [busy, setBusy] = useState(false);
  const issues = checked.data;

  const rows = useMemo(() => (list.data ?? []).filter((row) => !onlyIssues || issues?.[row.statistic_id]?.length), [list.data, onlyIssues, issues]);
  const columns = useMemo<Column<Statistic>[]>(
    () => [
      {
        id: 'name', label: t('statistics.name'), width: 'minmax(0, 2fr)',
        value: (row) => `${row.name ?? nameOf(session.entities.get(row.statistic_id), row.statistic_id)} ${row.statistic_id}`,
        cell: (row) => (
          <span className={styles.two}>
            <span>{row.name ?? nameOf(session.entities.get(row.statistic_id), row.statistic_id)}</span>
            <small>{row.statistic_id}</small>
          </span>
        ),
      },
      { id: 'unit', label: t('statistics.unit'), value: (row) => row.statistics_unit_of_measurement, width: '90px', show: 'wide' },
      { id: 'kind', label: t('statistics.kind'), value: (row) => t(row.has_sum ? 'statistics.sum' : 'statistics.mean'), width: '110px', show: 'wide' },
      { id: 'source', label: t('statistics.source'), value: (row) => row.source, width: '110px', show: 'wide' },
      {
        id: 'issues', label: t('statistics.issues'), width: 'minmax(110px, 1.2fr)',
        value: (row) => issues?.[row.statistic_id]?.map((issue) => t(`statistics.issue.${issue.type}`, { defaultValue: issue.type })).join(', ') ?? '',
        cell: (row) => {
          const found = issues?.[row.statistic_id] ?? [];
          return found.length ? <Chip tone="warn">{t(`statistics.issue.${found[0]!.type}`, { defaultValue: found[0]!.type })}</Chip> : <span className={styles.quiet}>{t('statistics.fine')}</span>;
        },
      },
    ],
    [t, issues, session],
  );
  const reload = () => {
    list.reload();
    checked.reload();
  };
  const clear = async () => {
    setBusy(true);
    try {
      await session.command('recorder/clear_statistics', { statistic_ids: [...selected] });
      toast.ok(t('statistics.cleared', { count: selected.size }));
      setSelected(new Set());
      reload();
    } catch (error) {
      toast.error(asApiError(error).message);
    } finally {
      setBusy(false);
      setClearing(false);
    }
  };
  const problem = list.error ?? checked.error;
  if (!list.data && !problem) return <Skeleton height={320} radius="var(--radius)" />;
  const count = Object.keys(issues ?? {}).length;
  return (
    <div className={styles.tab}>
      {problem && (
        <Banner kind="error" actions={<Button onPress={reload}>{t('again')}</Button>}>
          {problem.message}
        </Banner>
      )}
      <div className={styles.line}>
        <SearchField label={t('statistics.filter')} value={filter} onChange={setFilter} className={styles.grow} />
        <FilterChip selected={onlyIssues} onChange={setOnlyIssues}>
          {t('statistics.withIssues', { count })}
        </FilterChip>
        {selected.size > 0 && (
          <Button kind="danger" icon={mdiDeleteOutline} onPress={() => setClearing(true)}>
            {t('statistics.clear', { count: selected.size })}
          </Button>
        )}
        <Button kind="ghost" icon={mdiRefresh} onPress={reload}>
          {t('statistics.check')}
        </Button>
      </div>
      <DataTable
        label={t('tabs.statistics')}
        rows={rows}
        rowKey={keyOf}
        columns={columns}
        filter={filter}
        selected={selected}
        onSelect={setSelected}
        onOpen={setOpen}
        empty={<EmptyState icon={mdiChartBar} title={t(onlyIssues ? 'statistics.noIssues' : 'statistics.none')} text={onlyIssues ? '' : t('statistics.noneText')} />}
      />
      {open && <StatisticDialog statistic={open} issues={issues?.[open.statistic_id] ?? []} onClose={() => setOpen(null)} onChanged={reload} />}
      <ConfirmDialog open={clearing} title={t('statistics.clearTitle', { count: selected.size })} text={t('statistics.clearText')} confirm={t('statistics.clearNow')} danger busy={busy} onConfirm={() => void clear()} onClose={() => setClearing(false)} />
    </div>
  );
}
