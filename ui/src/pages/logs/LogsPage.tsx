import { useState } from 'react';
import { mdiDeleteSweepOutline, mdiDownload } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams, useSearchParams } from 'wouter';
import { toast } from '@/app/toasts';
import { Button, ConfirmDialog, FilterChip, PageHeader, SearchField, Tabs } from '@/components';
import { asApiError, useSession } from '@/data';
import { downloadText } from '@/data/download';
import { LevelsTab } from './LevelsTab';
import { LEVELS } from './log';
import styles from './Logs.module.css';
import { ProblemsTab } from './ProblemsTab';
import { RawTab } from './RawTab';

const TABS = ['problems', 'raw', 'levels'] as const;

export default function LogsPage() {
  const { t } = useTranslation('logs');
  const session = useSession();
  const { tab } = useParams<{ tab?: string }>();
  const [, navigate] = useLocation();
  const [params] = useSearchParams();
  const [search, setSearch] = useState(params.get('search') ?? '');
  const [levels, setLevels] = useState<ReadonlySet<string>>(new Set());
  const [clearing, setClearing] = useState(false);
  const [turn, setTurn] = useState(0);
  const shown = (TABS as readonly string[]).includes(tab ?? '') ? tab! : 'problems';

  const save = async () => {
    try {
      downloadText(`marge-${new Date().toISOString().slice(0, 16).replace(':', '-')}.log`, await session.rest<string>('/api/error_log'));
    } catch (error) {
      toast.error(asApiError(error).message);
    }
  };
  const clear = async () => {
    setClearing(false);
    try {
      await session.call('system_log', 'clear');
      setTurn(turn + 1);
      toast.ok(t('cleared'));
    } catch (error) {
      toast.error(asApiError(error).message);
    }
  };
  const toggle = (level: string) => {
    const next = new Set(levels);
    if (!next.delete(level)) next.add(level);
    setLevels(next);
  };
  const filter = (
    <div className={styles.filters}>
      <SearchField label={t('search')} value={search} onChange={setSearch} className={styles.search} />
      <div className={styles.levels} role="group" aria-label={t('level')}>
        {(shown === 'raw' ? LEVELS : LEVELS.slice(0, 3)).map((level) => (
          <FilterChip key={level} selected={levels.has(level)} onChange={() => toggle(level)}>
            {level === 'DEBUG' ? t('debug') : t(`levels.${level}`)}
          </FilterChip>
        ))}
      </div>
    </div>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          <>
            <Button kind="ghost" icon={mdiDownload} onPress={() => void save()}>
              {t('download')}
            </Button>
            <Button kind="ghost" icon={mdiDeleteSweepOutline} onPress={() => setClearing(true)}>
              {t('clear')}
            </Button>
          </>
        }
      />
      <Tabs
        label={t('title')}
        value={shown}
        onChange={(next) => navigate(`/logs/${next}`, { replace: true })}
        tabs={[
          { id: 'problems', label: t('tabs.problems'), content: <div className={styles.tab}>{filter}<ProblemsTab key={turn} levels={levels} search={search} /></div> },
          { id: 'raw', label: t('tabs.raw'), content: <div className={styles.tab}>{filter}<RawTab levels={levels} search={search} /></div> },
          { id: 'levels', label: t('tabs.levels'), content: <LevelsTab /> },
        ]}
      />
      <ConfirmDialog open={clearing} title={t('clearTitle')} text={t('clearText')} confirm={t('clear')} danger onConfirm={() => void clear()} onClose={() => setClearing(false)} />
    </>
  );
}
