import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Dialog, NumberField, Skeleton, TextField } from '@/components';
import { asApiError, useCommand, useConnected, useSession } from '@/data';
import { formatNumber, formatTime, nameOf } from '@/data/words';
import { readDate, startOfDate, useZone } from '@/data/zoned';
import styles from '../Tools.module.css';
import { adjustment, type Issue, outliers, remedyOf, type Statistic, type SumRow } from './statistics';

interface Props {
  statistic: Statistic;
  issues: readonly Issue[];
  onClose: () => void;
  onChanged: () => void;
}

export function StatisticDialog({ statistic, issues, onClose, onChanged }: Props) {
  const { t } = useTranslation('developer-tools');
  const session = useSession();
  const connected = useConnected();
  const [busy, setBusy] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const id = statistic.statistic_id;
  const run = async (what: string, type: string, payload: Record<string, unknown>, close = true) => {
    setBusy(what);
    setProblem(null);
    try {
      await session.command(type, payload);
      toast.ok(t('statistics.done'));
      onChanged();
      if (close) onClose();
    } catch (error) {
      setProblem(asApiError(error).message);
    } finally {
      setBusy('');
    }
  };
  return (
    <Dialog open onClose={onClose} size="large" dismissable={false} title={statistic.name ?? nameOf(session.entities.get(id), id)}>
      <div className={styles.form}>
        <p className={styles.quiet}>
          <code>{id}</code> · {statistic.statistics_unit_of_measurement ?? t('statistics.noUnit')}
        </p>
        {problem && <Banner kind="error">{problem}</Banner>}
        {issues.length === 0 && <Banner kind="ok">{t('statistics.fineText')}</Banner>}
        {issues.map((issue) => {
          const state = issue.data.state_unit == null ? '' : String(issue.data.state_unit);
          const kept = issue.data.metadata_unit == null ? '' : String(issue.data.metadata_unit);
          const remedy = remedyOf(issue.type);
          return (
            <Banner
              key={issue.type}
              kind="warn"
              title={t(`statistics.issue.${issue.type}`, { defaultValue: issue.type })}
              actions={
                <div className={styles.stack}>
                  {remedy === 'unit' && (
                    <Button busy={busy === 'rename'} isDisabled={!connected} onPress={() => void run('rename', 'recorder/update_statistics_metadata', { statistic_id: id, unit_of_measurement: issue.data.state_unit ?? null })}>
                      {t('statistics.rename', { unit: state || t('statistics.noUnit') })}
                    </Button>
                  )}
                  {remedy !== 'none' && (
                    <Button kind="danger" busy={busy === 'clear'} isDisabled={!connected} onPress={() => void run('clear', 'recorder/clear_statistics', { statistic_ids: [id] })}>
                      {t('statistics.clearNow')}
                    </Button>
                  )}
                </div>
              }
            >
              {t(`statistics.explain.${issue.type}`, { state, kept, defaultValue: JSON.stringify(issue.data) })}
            </Banner>
          );
        })}
        {statistic.has_sum && <Sums statistic={statistic} busy={busy} connected={connected} onAdjust={(row, value) => run('adjust', 'recorder/adjust_sum_statistics', { statistic_id: id, start_time: new Date(row.start).toISOString(), adjustment: adjustment(row, value), adjustment_unit_of_measurement: statistic.display_unit_of_measurement }, false)} />}
      </div>
    </Dialog>
  );
}

interface SumsProps {
  statistic: Statistic;
  busy: string;
  connected: boolean;
  onAdjust: (row: SumRow, value: number) => Promise<void>;
}

/** The hours of a day, of which one can be put right: a meter that was read wrong once. */
function Sums({ statistic, busy, connected, onAdjust }: SumsProps) {
  const { t, i18n } = useTranslation('developer-tools');
  const zone = useZone();
  const [today] = useState(() => new Date().toLocaleDateString('sv-SE', { timeZone: zone }));
  const [day, setDay] = useState(today);
  const [row, setRow] = useState<SumRow | null>(null);
  const [value, setValue] = useState<number | null>(null);
  const date = useMemo(() => readDate(day), [day]);
  const unit = statistic.display_unit_of_measurement;
  const rows = useCommand<Record<string, SumRow[]>>(date ? 'recorder/statistics_during_period' : null, {
    statistic_ids: [statistic.statistic_id],
    period: 'hour',
    types: ['change', 'sum'],
    start_time: date ? new Date(startOfDate(date, zone)).toISOString() : '',
    end_time: date ? new Date(startOfDate(date.add({ days: 1 }), zone)).toISOString() : '',
  });
  const list = useMemo(() => rows.data?.[statistic.statistic_id] ?? [], [rows.data, statistic]);
  const odd = useMemo(() => outliers(list), [list]);
  return (
    <section className={styles.form}>
      <h3>{t('statistics.adjust')}</h3>
      <p className={styles.quiet}>{t('statistics.adjustText')}</p>
      <TextField label={t('statistics.day')} type="date" value={day} onChange={setDay} />
      {rows.loading && !rows.data && <Skeleton height={120} />}
      {rows.data && list.length === 0 && <p className={styles.quiet}>{t('statistics.noHours')}</p>}
      <ul className={styles.hours}>
        {list.map((each) => (
          <li key={each.start}>
            <button
              type="button"
              aria-pressed={row?.start === each.start}
              className={`${styles.hour} ${odd.has(each.start) ? styles.odd : ''}`}
              onClick={() => {
                setRow(each);
                setValue(each.change ?? 0);
              }}
            >
              <span>{formatTime(each.start, i18n.language, 'time', zone)}</span>
              <strong>
                {formatNumber(each.change ?? 0, i18n.language, { max: 3 })} {unit}
              </strong>
            </button>
          </li>
        ))}
      </ul>
      {row && (
        <div className={styles.line}>
          <NumberField label={t('statistics.counted', { time: formatTime(row.start, i18n.language, 'time', zone) })} value={value} onChange={setValue} {...(unit ? { unit } : {})} />
          <Button kind="primary" busy={busy === 'adjust'} isDisabled={!connected || value === null || value === (row.change ?? 0)} onPress={() => void onAdjust(row, value ?? 0).then(() => { setRow(null); rows.reload(); })}>
            {t('statistics.apply')}
          </Button>
        </div>
      )}
    </section>
  );
}
